// Adds the lock entries of optional packages for other platforms that a partial registry mirror did not serve when the
// lock was written: without them `npm ci` refuses the lock everywhere. They bear no integrity hash, for nobody has seen them.
import { readFileSync, writeFileSync } from "node:fs";

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const systems = ["android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32", "aix"];
const processors = {
  "arm-eabi": "arm",
  "arm-gnueabihf": "arm",
  "arm-musleabihf": "arm",
  arm64: "arm64",
  ia32: "ia32",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  x64: "x64",
};

/** The platform that a package's name says it is for. */
function platformOf(name) {
  const os = systems.find((system) => name.includes(system));
  const cpu = Object.entries(processors).find(([spelling]) => name.includes(spelling));
  if (!os || !cpu) return null;
  const libc = name.includes("musl") ? ["musl"] : name.includes("gnu") ? ["glibc"] : undefined;
  return { cpu: [cpu[1]], ...(libc ? { libc } : {}), optional: true, os: [os] };
}

let added = 0;
for (const { optionalDependencies = {} } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const path = `node_modules/${name}`;
    const platform = platformOf(name);
    if (path in lock.packages || !platform || !/^\d/.test(version)) continue;
    lock.packages[path] = { version, dev: true, ...platform };
    added += 1;
  }
}
const root = lock.packages[""];
lock.packages = {
  "": root,
  ...Object.fromEntries(
    Object.entries(lock.packages)
      .filter(([path]) => path !== "")
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  ),
};
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} entries added`);

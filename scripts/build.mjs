// Bundles the program into a folder of its own, dist/build-ID/, and lets dist/crossfade.mjs point to it when all of it is there.
// Programs that run go on from the build that they were started from: its folder stays for as long as one of them lives.

import { existsSync, readdirSync } from "node:fs";
import { chmod, copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { isUpToDate, pointTo, removeUnused } from "./builds.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
process.chdir(root);
/** A package holds one build, and one that is made for it. */
const pack = process.argv.includes("--pack");

/** Name in the build's folder → source. Threads and children find theirs by this name. */
const entries = Object.fromEntries(
  Object.entries({
    crossfade: "src/crossfade.ts",
    "watch-worker": "src/kube/watch/watch-worker.ts",
    "keep-command": "src/kube/process/keep-command.ts",
    "lab-worker": "packages/lab/lab-worker.ts",
    "lab-helm": "packages/lab/helm/lab-helm.ts",
    "lab-docker": "packages/lab/shims/lab-docker.ts",
  }).filter(([, source]) => existsSync(source)),
);

/** The libraries whose code is in the bundle, with the licences that ask to go with it. */
async function notices({ inputs }) {
  const folders = new Set(
    Object.keys(inputs).flatMap((path) => path.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []),
  );
  const each = await Promise.all(
    [...folders].sort().map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file ? await readFile(`${folder}/${file}`, "utf8") : "";
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    }),
  );
  return each.join(`\n${"-".repeat(80)}\n\n`);
}

async function bundle(outdir) {
  const { version } = JSON.parse(await readFile("package.json", "utf8"));
  const { metafile } = await build({
    metafile: true,
    entryPoints: entries,
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    chunkNames: "chunk-[hash]",
    format: "esm",
    platform: "node",
    target: "node22",
    minify: true,
    keepNames: true,
    legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"', CROSSFADE_VERSION: JSON.stringify(version) },
    // CommonJS libraries call require; in ESM there is none until one is made.
    banner: {
      js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);',
    },
    // Ink imports it only when asked to (DEV=true); left external, the import would be hoisted and fail.
    alias: { "react-devtools-core": new URL("./react-devtools-stub.mjs", import.meta.url).pathname },
    external: ["bufferutil", "utf-8-validate"],
    logLevel: "warning",
  });
  await chmod(join(outdir, "crossfade.mjs"), 0o755);
  // Read as text from beside the bundle: it runs in the cluster's pods.
  await copyFile("src/kube/prober/prober.pl", join(outdir, "prober.pl"));
  await writeFile(join(outdir, "THIRD-PARTY-LICENSES.txt"), await notices(metafile));
}

if (pack || !isUpToDate(root)) {
  const began = new Date();
  const id = `${began.getTime().toString(36)}-${process.pid}`;
  const making = join("dist", `making-${id}`);
  const made = join("dist", `build-${id}`);
  await mkdir(making, { recursive: true });
  try {
    await bundle(making);
    await rename(making, made);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  // What was changed while it was built must count as newer than the build.
  pointTo(root, `build-${id}`, began);
  removeUnused(root, pack ? 1 : 2);
}

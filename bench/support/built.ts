import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Ends with exit code 0, or says what the program printed. */
export async function run(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${said}`);
  return said;
}

/** What `npm run build` makes: the program that people install. */
export async function builtProgram(): Promise<string> {
  await run(process.execPath, ["scripts/build.mjs"]);
  return `${root}dist/crossfade.mjs`;
}

/** Bundles programs of a benchmark as the product is bundled: minified, React's production build, libraries inside. */
export async function builtBench(...paths: readonly string[]): Promise<readonly string[]> {
  const outdir = `${root}node_modules/.cache/crossfade-bench/${process.pid}`;
  const named = paths.map((path) => [path.replace(/^.*\//, "").replace(/\.tsx?$/, ""), `${root}${path}`] as const);
  await build({
    entryPoints: Object.fromEntries([...named, ["watch-worker", `${root}src/kube/watch/watch-worker.ts`]]),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22",
    jsx: "automatic",
    minify: true,
    define: { "process.env.NODE_ENV": '"production"' },
    banner: {
      js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);',
    },
    alias: { "react-devtools-core": `${root}scripts/react-devtools-stub.mjs` },
    external: ["bufferutil", "utf-8-validate"],
    logLevel: "error",
  });
  process.once("exit", () => rmSync(outdir, { recursive: true, force: true }));
  return named.map(([name]) => `${outdir}/${name}.mjs`);
}

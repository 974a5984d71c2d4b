import { build } from "esbuild";

/** Bundles a .tsx program so that Node can run it; libraries stay outside, next to where it is written. */
export async function buildProgram(name: string): Promise<string> {
  const root = new URL("../../", import.meta.url).pathname;
  const outfile = `${root}node_modules/.cache/crossfade-test/${name}-${process.pid}.mjs`;
  await build({
    entryPoints: [`${root}test/support/panel/${name}.tsx`],
    outfile,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node22",
    jsx: "automatic",
    logLevel: "error",
  });
  return outfile;
}

// node scripts/render-pictures.mjs draws docs/images anew. The panel is TSX, so it is bundled first.
import { rmSync } from "node:fs";
import { build } from "esbuild";

const root = new URL("../", import.meta.url);
const bundle = new URL(`node_modules/.cache/crossfade-pictures/${process.pid}.mjs`, root);

await build({
  entryPoints: [new URL("scripts/render-pictures.ts", root).pathname],
  outfile: bundle.pathname,
  bundle: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node22",
  jsx: "automatic",
  logLevel: "error",
});
const { writePictures } = await import(bundle.href);
await writePictures(new URL("docs/images/", root));
rmSync(bundle);

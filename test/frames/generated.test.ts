import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { keysPage } from "../../scripts/generate-keys.ts";
import { renderPictures } from "../../scripts/render-pictures.ts";

const docs = new URL("../../docs/", import.meta.url);

test("docs/keys.md is what the bindings say: node scripts/generate-keys.ts writes it", () => {
  expect(readFileSync(new URL("keys.md", docs), "utf8")).toBe(keysPage());
});

test("the README's pictures are what the panel shows: node scripts/render-pictures.mjs draws them", async () => {
  const pictures = await renderPictures();
  expect(pictures.size).toBeGreaterThan(0);
  for (const [file, svg] of pictures) {
    expect(readFileSync(new URL(`images/${file}`, docs), "utf8") === svg, `${file} is stale`).toBe(true);
  }
});

import { expect, test } from "vitest";
import { bindings } from "../../src/store/keys/bindings.ts";
import { panel } from "../../src/words/audience.ts";

/** Keys that are named by themselves: "space and m" is two, and consent is given by the run's own key. */
const named = Object.values(panel.ask).flatMap((ask) => ask("").split(" and "));

test.each([...new Set(named)])("%s, which sentences name, is a key of the panel", (key) => {
  const bound: readonly string[] = bindings.flatMap(({ keys }) => keys);
  expect(bound).toContain(key);
});

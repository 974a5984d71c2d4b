import { expect, test } from "vitest";
import { speedupFor } from "../../../src/kube/ports/cluster-clock.ts";

const saying = (speed: unknown) => ({ extensions: [{ name: "crossfade/clock", extension: { speed } }] });

test.each([
  ["a cluster that says nothing of its clock", {}, 1],
  ["a cluster with somebody else's extension", { extensions: [{ name: "cluster_info", extension: { speed: 90 } }] }, 1],
  ["a lab at our pace", saying(1), 1],
  ["a fast lab", saying(40), 5],
  ["a lab that is faster than anybody can ask", saying(100_000), 50],
  ["what is no number", saying("90"), 1],
  ["a clock that stands still", saying(0), 1],
])("%s", (_what, cluster, speedup) => {
  expect(speedupFor(cluster)).toBe(speedup);
});

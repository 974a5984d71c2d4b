import { gzipSync } from "node:zlib";
import { createTar } from "nanotar";
import { expect, test } from "vitest";
import { digestOf, readChart } from "../../../src/kube/helm/chart-archive.ts";
import { inWords } from "../../support/said.ts";

const packed = (files: Readonly<Record<string, string>>) =>
  gzipSync(createTar(Object.entries(files).map(([name, data]) => ({ name, data }))));
const about = "name: cilium\nversion: 1.18.12\n";

test("a chart is what its own files say, not those of charts within it", () => {
  const archive = packed({
    "cilium/charts/sub/Chart.yaml": "name: sub\nversion: 9.9.9\n",
    "cilium/Chart.yaml": about,
    "cilium/templates/values.yaml": "no: chart's",
  });
  expect(readChart(archive, "x")).toMatchObject({
    name: "cilium",
    version: "1.18.12",
    digest: digestOf(archive),
    schema: null,
  });
  expect(readChart(archive, "x").problems({ anything: 1 })).toEqual([]);
});

test("values are checked over the chart's own, whose own faults are nobody's", () => {
  const schema = {
    type: "object",
    required: ["name"],
    properties: {
      name: { type: "string" },
      old: { type: "integer" },
      port: { type: ["integer", "null"], maximum: 65535 },
    },
  };
  const chart = readChart(
    packed({
      "cilium/Chart.yaml": about,
      "cilium/values.yaml": "name: cilium\nold: not a number\nport: null\n",
      "cilium/values.schema.json": JSON.stringify(schema),
    }),
    "x",
  );
  expect(chart.problems({})).toEqual([]);
  expect(chart.problems({ port: 8473 })).toEqual([]);
  expect(chart.problems({ port: "8473" }).map(({ path }) => path)).toEqual(["port"]);
  expect(chart.problems({ port: 70_000 }).map(({ path }) => path)).toEqual(["port"]);
  // A null takes the chart's own value away, and with it what is required.
  expect(chart.problems({ name: null })).toHaveLength(1);
});

test.each<[string, Uint8Array]>([
  ["no archive", Buffer.from("hello")],
  ["nothing", Buffer.alloc(0)],
  ["half of one", packed({ "cilium/Chart.yaml": about }).subarray(0, 60)],
  ["no Chart.yaml", packed({ "cilium/values.yaml": "a: 1" })],
  ["a Chart.yaml of nothing", packed({ "cilium/Chart.yaml": "- a\n" })],
  ["a schema that is a list", packed({ "cilium/Chart.yaml": about, "cilium/values.schema.json": "[]" })],
  ["a schema that is no JSON", packed({ "cilium/Chart.yaml": about, "cilium/values.schema.json": "{" })],
  [
    "a size that lies",
    gzipSync(Buffer.concat([createTar([{ name: "cilium/Chart.yaml", data: about }]).subarray(0, 512)])),
  ],
  ["a bomb", gzipSync(Buffer.alloc(101 * 1024 * 1024))],
])("%s is refused in a sentence", (_what, archive) => {
  expect(inWords(() => readChart(archive, "/x/cilium.tgz"))).toThrow(/^\/x\/cilium\.tgz is no chart archive: /);
});

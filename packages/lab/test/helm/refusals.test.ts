import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseCommandLine } from "../../helm/command-line.ts";
import { strategicPatch } from "../../helm/objects-api.ts";
import { overlay, parseSet } from "../../helm/values.ts";
import { type CiliumLab, ciliumLab, hybridValues } from "../support/cilium-lab.ts";
import { labHelmChild } from "../support/lab-helm-child.ts";

let world: CiliumLab;

beforeAll(async () => {
  world = await ciliumLab({ nodes: 2 });
});

afterAll(async () => {
  await world?.stop();
  expect(world?.faults).toEqual([]);
});

test("objects of somebody else are not adopted", async () => {
  world.lab.store.create("serviceaccounts", {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "cilium", namespace: "kube-system" },
  });
  const done = await world.install(hybridValues);
  expect(done.exitCode).toBe(1);
  expect(done.stderr).toMatch(
    /Unable to continue with install: ServiceAccount "cilium" in namespace "kube-system" exists and cannot be imported/,
  );
});

test("a cluster that does not answer is said in helm's words", async () => {
  const { code, stderr } = await labHelmChild(["list", "-A"], "/nonexistent").ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Error: Kubernetes cluster unreachable/);
});

describe("the command line", () => {
  test("knows short and long flags, with and without an equals sign", () => {
    const line = parseCommandLine(
      ["upgrade", "--install", "c", "chart", "-n", "x", "--set=a.b=1", "-f", "v.yaml", "-ojson", "--wait=watcher"],
      4,
    );
    expect(line).toMatchObject({
      command: "upgrade",
      args: ["c", "chart"],
      flags: { install: "true", namespace: "x", output: "json", wait: "watcher" },
    });
    expect(line.values).toEqual([
      { kind: "set", text: "a.b=1" },
      { kind: "file", text: "v.yaml" },
    ]);
  });

  test.each([
    [["list", "-a"], 4, "unknown shorthand flag: 'a' in -a"],
    [["upgrade", "--nonsense"], 4, "unknown flag: --nonsense"],
    [["upgrade", "--rollback-on-failure"], 3, "unknown flag: --rollback-on-failure"],
    [["list", "-n"], 4, "flag needs an argument: --namespace"],
  ] as const)("%j of helm %i is refused", (argv, major, message) => {
    expect(() => parseCommandLine(argv, major)).toThrow(message);
  });

  test("helm 3 has -a, helm 4 has not", () => {
    expect(parseCommandLine(["list", "-a"], 3).flags.all).toBe("true");
  });
});

describe("values", () => {
  test.each([
    ["a.b=1,c=true", { a: { b: 1 }, c: true }],
    ["a={x,y}", { a: ["x", "y"] }],
    ["a.b\\.c=0123", { a: { "b.c": "0123" } }],
    ["a=null", { a: null }],
  ])("--set %s", (text, expected) => {
    expect(parseSet(text, false)).toEqual(expected);
  });

  test("--set-string keeps texts", () => {
    expect(parseSet("a=1", true)).toEqual({ a: "1" });
  });

  test("trees are merged, lists replaced, null takes a tree away", () => {
    expect(overlay({ a: { b: 1, c: [1] }, d: { e: 1 } }, { a: { c: [2] }, d: null })).toEqual({ a: { b: 1, c: [2] } });
  });
});

test("helm 3's patch takes away what the last manifest had", () => {
  const before = { data: { a: "1", b: "2" }, spec: { containers: [{ name: "x" }, { name: "y" }], list: ["p"] } };
  const after = { data: { a: "3" }, spec: { containers: [{ name: "x" }], list: ["q"] } };
  expect(strategicPatch(before, after)).toEqual({
    data: { a: "3", b: null },
    spec: { containers: [{ name: "x" }, { name: "y", $patch: "delete" }], list: ["q"] },
  });
});

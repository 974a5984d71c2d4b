import { expect, test } from "vitest";
import { leavesOf, valueAt } from "../../../src/engine/values/merge.ts";
import { mergeUserValues } from "../../../src/engine/values/user-values.ts";
import { documentedDifference, valuesDifference, valuesYaml } from "../../../src/engine/values/values.ts";
import { atLeast, parseVersion } from "../../../src/engine/values/version.ts";
import { aTarget } from "./chart-facts.ts";

const initial = mergeUserValues(aTarget, "initial");
const final = mergeUserValues(aTarget, "final");

/** Every key of the migration guide's values file, with its value beside Flannel on 8472. */
test.each([
  ["operator.unmanagedPodWatcher.restart", false],
  ["routingMode", "tunnel"],
  ["tunnelProtocol", "vxlan"],
  ["tunnelPort", 8473],
  ["cni.customConf", true],
  ["cni.uninstall", false],
  ["ipam.mode", "cluster-pool"],
  ["ipam.operator.clusterPoolIPv4PodCIDRList", ["10.245.0.0/16"]],
  ["policyEnforcementMode", "never"],
  ["bpf.hostLegacyRouting", true],
])("the initial values say what the guide says of %s", (path, value) => {
  expect(valueAt(initial, path)).toEqual(value);
});

test("the two differ in the documented three parameters and nothing else, whatever the user adds", () => {
  const user = { bpf: { mapDynamicSizeRatio: 0.005 }, hubble: { enabled: false }, cni: { logFile: "" } };
  for (const more of [undefined, user]) {
    const difference = valuesDifference(
      mergeUserValues(aTarget, "initial", more),
      mergeUserValues(aTarget, "final", more),
    );
    expect(difference.map(({ path }) => path).sort()).toEqual([...documentedDifference].sort());
  }
  expect(valuesDifference(initial, final)).toContainEqual({ path: "cni.customConf", initial: true, final: false });
});

test("a value that only one of them has is a difference too", () => {
  expect(valuesDifference({ a: 1 }, { b: { c: [] } })).toEqual([
    { path: "a", initial: 1, final: null },
    { path: "b.c", initial: null, final: [] },
  ]);
});

test("every value bears a comment that says why", () => {
  for (const phase of ["initial", "final"] as const) {
    const values = phase === "initial" ? initial : final;
    const lines = valuesYaml(values, aTarget, phase).split("\n");
    for (const [path] of leavesOf(values)) {
      const key = path.split(".").at(-1) ?? "";
      const at = lines.findIndex((line) => line.trim().startsWith(`${key}:`));
      expect(lines[at - 1]?.trim(), `${phase} ${path}`).toMatch(/^#/);
    }
  }
});

test("no line of the files is wider than 100 columns", () => {
  for (const line of [
    ...valuesYaml(initial, aTarget, "initial").split("\n"),
    ...valuesYaml(final, aTarget, "final").split("\n"),
  ]) {
    expect(line.length, line).toBeLessThanOrEqual(100);
  }
});

test("the network's MTU where the old CNI's was set by hand, and the operator's own before it; else Cilium detects it", () => {
  const target = { ...aTarget, mtu: 1_400 };
  for (const phase of ["initial", "final"] as const) {
    expect(valueAt(mergeUserValues(target, phase), "MTU")).toBe(1_400);
    expect(valueAt(mergeUserValues(target, phase, { MTU: 1_380 }), "MTU")).toBe(1_380);
    expect(valueAt(mergeUserValues(aTarget, phase), "MTU")).toBeUndefined();
  }
});

test("one operator in a cluster of one node", () => {
  expect(valueAt(mergeUserValues({ ...aTarget, operatorReplicas: 1 }, "initial"), "operator.replicas")).toBe(1);
});

test.each([
  ["1.18.12", 1, 18, 0, true],
  ["v1.33.4+k3s1", 1, 33, 4, true],
  ["1.15.19", 1, 16, 0, false],
  ["5.10.0-21-amd64", 5, 10, 0, true],
  ["5.9", 5, 10, 0, false],
  ["4.19.57", 4, 19, 57, true],
  ["4.19.56-generic", 4, 19, 57, false],
  ["6.0.0", 5, 10, 0, true],
])("%s is at least %i.%i.%i: %s", (...[text, major, minor, patch, expected]) => {
  const version = parseVersion(text);
  expect(version && atLeast(version, major, minor, patch)).toBe(expected);
});

test.each(["", "latest", "v", "1", "one.two"])("%j is no version", (text) => {
  expect(parseVersion(text)).toBeNull();
});

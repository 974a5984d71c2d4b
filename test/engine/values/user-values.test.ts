import { expect, test } from "vitest";
import { CrossfadeError } from "../../../src/engine/model/errors.ts";
import type { JsonObject } from "../../../src/engine/model/plan-types.ts";
import { valueAt } from "../../../src/engine/values/merge.ts";
import { adoptUserValues, checkUserValues, mergeUserValues } from "../../../src/engine/values/user-values.ts";
import { aChart } from "../../support/a-chart.ts";
import { aSource } from "../../support/a-source.ts";
import { inWords, saidOf } from "../../support/said.ts";
import { aTarget } from "./chart-facts.ts";

function refusalOf(user: JsonObject, target = aTarget) {
  try {
    checkUserValues(user, { target, source: aSource, chart: aChart });
  } catch (thrown) {
    if (thrown instanceof CrossfadeError) return saidOf(thrown);
    throw thrown;
  }
  throw new Error(`${JSON.stringify(user)} was not refused`);
}

test.each<[string, JsonObject]>([
  ["cni.customConf", { cni: { customConf: false } }],
  ["cni.install", { cni: { install: false } }],
  ["cni.uninstall", { cni: { uninstall: true } }],
  ["cni.chainingMode", { cni: { chainingMode: "portmap" } }],
  ["cni.chainingTarget", { cni: { chainingTarget: "cbr0" } }],
  ["cni.configMap", { cni: { configMap: "mine" } }],
  ["cni.readCniConf", { cni: { readCniConf: "/host/etc/cni/net.d/x" } }],
  ["kubeProxyReplacement", { kubeProxyReplacement: true }],
  ["kubeProxyReplacement", { kubeProxyReplacement: "strict" }],
  ["routingMode", { routingMode: "native" }],
  ["autoDirectNodeRoutes", { autoDirectNodeRoutes: true }],
  ["ipam.mode", { ipam: { mode: "kubernetes" } }],
  ["eni.enabled", { eni: { enabled: true } }],
  ["ipv4.enabled", { ipv4: { enabled: false } }],
  ["ipv6.enabled", { ipv6: { enabled: true } }],
  ["tunnelPort", { tunnelPort: 8472 }],
  ["tunnelPort", { tunnelPort: "8473" }],
  ["tunnelProtocol", { tunnelProtocol: "geneve" }],
  ["tunnel", { tunnel: "vxlan" }],
  ["ipam.operator.clusterPoolIPv4PodCIDR", { ipam: { operator: { clusterPoolIPv4PodCIDR: "10.1.0.0/16" } } }],
  ["overlaps 10.244.0.0/16", { ipam: { operator: { clusterPoolIPv4PodCIDRList: ["10.244.0.0/15"] } } }],
  ["no network address", { ipam: { operator: { clusterPoolIPv4PodCIDRList: ["10.245.0.1/16"] } } }],
  ["exactly one range", { ipam: { operator: { clusterPoolIPv4PodCIDRList: ["10.1.0.0/16", "10.2.0.0/16"] } } }],
  ["the plan was asked for", { ipam: { operator: { clusterPoolIPv4PodCIDRList: ["10.99.0.0/16"] } } }],
  ["clusterPoolIPv4MaskSize", { ipam: { operator: { clusterPoolIPv4MaskSize: 25 } } }],
  ["policyEnforcementMode", { policyEnforcementMode: "sometimes" }],
  ["operator.unmanagedPodWatcher.restart", { operator: { unmanagedPodWatcher: { restart: true } } }],
  ["operator.enabled", { operator: { enabled: false } }],
  ["bpf.masquerade", { bpf: { masquerade: true } }],
  ["bpf.hostLegacyRouting", { bpf: { hostLegacyRouting: false } }],
  ["hostFirewall.enabled", { hostFirewall: { enabled: true } }],
  ["encryption.enabled", { encryption: { enabled: true, type: "wireguard" } }],
  ["l2announcements.enabled", { l2announcements: { enabled: true } }],
  ["bgpControlPlane.enabled", { bgpControlPlane: { enabled: true } }],
  ["nodePort.enabled", { nodePort: { enabled: true } }],
  ["daemon.allowedConfigOverrides", { daemon: { allowedConfigOverrides: "none" } }],
  ["daemon.blockedConfigOverrides", { daemon: { blockedConfigOverrides: "cni-exclusive" } }],
  ["daemon.configSources", { daemon: { configSources: "config-map:cilium-config" } }],
  ["disableEndpointCRD", { disableEndpointCRD: true }],
  ["namespaceOverride", { namespaceOverride: "cilium" }],
  ["name must not be", { name: "agent" }],
  ["nodeSelector", { nodeSelector: { role: "worker" } }],
  ["extraConfig.enable-policy", { extraConfig: { "enable-policy": "always" } }],
  ["cni must be a map", { cni: "cilium" }],
  ["ipam must be a map", { ipam: null }],
])("a file is refused for %s: %j", (words, user) => {
  const { code, message, remedy } = refusalOf(user);
  expect(code).toBe("VALUES_REFUSED");
  expect(message).toContain(words);
  expect(remedy).not.toBe("");
});

test.each<[JsonObject, string]>([
  [{ hubbel: {} }, "hubble"],
  [{ Operator: {} }, "operator"],
  [{ tunelPort: 1 }, "tunnelPort"],
  [{ kubeProxyReplacment: true }, "kubeProxyReplacement"],
  [{ policyEnforcmentMode: "never" }, "policyEnforcementMode"],
  [{ mtu: 1400 }, "MTU"],
  [{ cni: { chainigMode: "none" } }, "cni.chainingMode"],
  [{ operator: { replica: 1 } }, "operator.replicas"],
  [{ ipam: { operator: { clusterPoolIPv4PodCIDRLists: [] } } }, "ipam.operator.clusterPoolIPv4PodCIDRList"],
  [{ bpf: { masqerade: false } }, "bpf.masquerade"],
])("a typo is refused with the name that was meant: %j", (user, meant) => {
  expect(refusalOf(user).message).toContain(`did you mean ${meant}?`);
});

test("everything is refused at once", () => {
  const { message } = refusalOf({ cni: { customConf: false }, hubbel: {}, routingMode: "native" });
  expect(message).toContain("3 values");
  for (const words of ["cni.customConf", "hubbel", "routingMode"]) expect(message).toContain(words);
});

test.each<[JsonObject]>([
  [{}],
  [{ cni: { customConf: true, chainingMode: "none" }, kubeProxyReplacement: false, routingMode: "tunnel" }],
  [{ hubble: { enabled: false }, prometheus: { enabled: true }, image: { pullPolicy: "Always" } }],
  [{ ipam: { operator: { clusterPoolIPv4PodCIDRList: ["10.245.0.0/16"] } }, tunnelPort: 8473 }],
  [{ ipam: { operator: { clusterPoolIPv4PodCIDRList: "10.245.0.0/16" } } }],
  [{ k8sServiceHost: "localhost", k8sServicePort: 7445, cgroup: { autoMount: { enabled: false } } }],
  [{ nodeSelector: { "kubernetes.io/os": "linux" }, extraConfig: { "bpf-lb-map-max": "1" } }],
])("a file that breaks nothing is taken: %j", (user) => {
  expect(checkUserValues(user, { target: aTarget, source: aSource, chart: aChart })).toEqual([]);
});

test.each<[string, JsonObject]>([
  ["no value that the chart's schema has", { somethingQuiteNewIn121: true }],
  ["no value that the chart's schema has", { cni: { brandNewThing: 1 } }],
  ["cni.exclusive", { cni: { exclusive: false } }],
  ["hubble.relay", { hubble: { relay: { enabled: true } } }],
  ["tolerations", { tolerations: [] }],
  ["image.tag", { image: { tag: "v1.19.0" } }],
])("what can be lived with is said: %s", (words, user) => {
  expect(checkUserValues(user, { target: aTarget, source: aSource, chart: aChart }).join()).toContain(words);
});

test("the user's word counts where it may, ours where the migration rests on it", () => {
  const user: JsonObject = {
    operator: { replicas: 1, setNodeTaints: true },
    hubble: { relay: { enabled: true }, tls: { enabled: false } },
    policyEnforcementMode: "never",
    cni: { customConf: true, logFile: "/x" },
    ipam: { operator: { clusterPoolIPv4PodCIDRList: "10.245.0.0/16" } },
  };
  const merged = mergeUserValues(aTarget, "final", user);
  for (const [path, value] of [
    ["operator.replicas", 1],
    ["operator.setNodeTaints", true],
    ["operator.unmanagedPodWatcher.restart", true],
    ["hubble.relay.enabled", true],
    ["hubble.tls.enabled", false],
    ["policyEnforcementMode", "default"],
    ["cni.customConf", false],
    ["cni.logFile", "/x"],
    ["ipam.operator.clusterPoolIPv4PodCIDRList", ["10.245.0.0/16"]],
  ] as const) {
    expect(valueAt(merged, path), path).toEqual(value);
  }
});

test.each<[JsonObject, string, number]>([
  [{}, "default", 0],
  [{ policyEnforcementMode: "always" }, "always", 0],
  [{ policyEnforcementMode: "default" }, "default", 0],
  [{ policyEnforcementMode: "never" }, "never", 1],
  // Whoever has these has the values of Cilium's migration guide for the hybrid phase, which say nothing of what comes after.
  [{ policyEnforcementMode: "never", cni: { customConf: true } }, "default", 0],
  [{ policyEnforcementMode: "never", operator: { unmanagedPodWatcher: { restart: false } } }, "default", 0],
])("what a file wants policies to do counts at the end, and only then: %j", (user, mode, warnings) => {
  expect(valueAt(mergeUserValues(aTarget, "initial", user), "policyEnforcementMode")).toBe("never");
  expect(valueAt(mergeUserValues(aTarget, "final", user), "policyEnforcementMode")).toBe(mode);
  expect(checkUserValues(user, { target: aTarget, source: aSource, chart: aChart })).toHaveLength(warnings);
});

test("pool and tunnel are adopted from the file, so that the rest of the plan agrees with it", () => {
  const user: JsonObject = {
    ipam: { operator: { clusterPoolIPv4PodCIDRList: ["10.99.0.0/16"], clusterPoolIPv4MaskSize: 25 } },
    tunnelPort: 9999,
    tunnelProtocol: "geneve",
    operator: { replicas: 3 },
  };
  expect(adoptUserValues(user)).toEqual({
    podCidr: "10.99.0.0/16",
    maskSize: 25,
    tunnelPort: 9999,
    tunnelProtocol: "geneve",
    operatorReplicas: 3,
  });
  expect(adoptUserValues({})).toEqual({});
});

test.each<[string, JsonObject]>([
  ["cni.exclusive does not fit the chart's schema", { cni: { exclusive: "yes" } }],
  ["debug.enabled does not fit the chart's schema", { debug: { enabled: 1 } }],
])("what the chart's schema does not take is refused: %s", (words, user) => {
  expect(refusalOf(user).message).toContain(words);
});

test("a chart without a schema leaves names alone, and our own rules hold", () => {
  const chart = { ...aChart, schema: null, problems: () => [] };
  const context = { target: aTarget, source: aSource, chart };
  expect(checkUserValues({ hubbel: {} }, context)).toEqual([]);
  expect(inWords(() => checkUserValues({ cni: { install: false } }, context))).toThrow("cni.install");
  expect(inWords(() => checkUserValues({ cni: { install: false } }, { ...context, chart: null }))).toThrow(
    "cni.install",
  );
});

import { expect, test } from "vitest";
import type { ClusterFacts } from "../../../src/engine/model/facts.ts";
import { defaultPlanInput } from "../../../src/engine/plan/plan-input.ts";
import { chooseTarget } from "../../../src/engine/plan/target.ts";
import { calico } from "../../../src/engine/sources/calico/calico.ts";
import { calicoSetup } from "../../../src/engine/sources/calico/setup.ts";
import { detectSource } from "../../../src/engine/sources/detect.ts";
import { aCalicoCluster, anObject, anOperatorCluster, aPool } from "../../support/calico.ts";
import { aCluster, aPod, aWorkload } from "../../support/facts.ts";
import { refusal } from "../../support/refusal.ts";

test("Calico of its manifest is read from its DaemonSet, its pools and Felix's own configuration", () => {
  expect(detectSource(aCalicoCluster().facts)).toMatchObject({
    id: "calico",
    version: "3.28.5",
    namespace: "kube-system",
    workloads: [{ kind: "DaemonSet", namespace: "kube-system", name: "calico-node" }],
    confFile: "10-calico.conflist",
    mode: "vxlan",
    encapsulations: [{ protocol: "vxlan", port: 4789, vni: 4096 }],
    podCidrs: ["10.244.0.0/16"],
    mtu: 0,
    enforcesPolicies: true,
    ownsNamespace: false,
  });
});

test("Calico of the Tigera operator is what its Installation says", () => {
  const source = detectSource(anOperatorCluster().facts);
  expect(source.namespace).toBe("calico-system");
  expect(calicoSetup(source)).toMatchObject({ install: "operator", detection: "first-found", bgp: false });
  const pinned = anOperatorCluster({ calicoNetwork: { nodeAddressAutodetectionV4: { kubernetes: "NodeInternalIP" } } });
  expect(calicoSetup(detectSource(pinned.facts)).detection).toBe("kubernetes-internal-ip");
});

test.each([
  ["VXLAN between subnets", aPool({ vxlanMode: "CrossSubnet" }), "vxlan-crosssubnet"],
  ["IPIP", aPool({ vxlanMode: "Never", ipipMode: "Always" }), "ipip"],
  ["IPIP between subnets", aPool({ vxlanMode: "Never", ipipMode: "CrossSubnet" }), "ipip-crosssubnet"],
  ["no overlay", aPool({ vxlanMode: "Never" }), "none"],
])("%s is a mode of its own", (_, pool, mode) => {
  expect(detectSource(aCalicoCluster({ pools: [pool] }).facts).mode).toBe(mode);
});

test("every pool that serves pods counts, and none that is off or only for load balancers", () => {
  const pools = [
    aPool(),
    aPool({ cidr: "10.250.0.0/24", nodeSelector: "zone == 'b'" }, "zone-b"),
    aPool({ cidr: "10.251.0.0/24", disabled: true }, "off"),
    aPool({ cidr: "10.252.0.0/24", allowedUses: ["LoadBalancer"] }, "lb"),
  ];
  expect(detectSource(aCalicoCluster({ pools }).facts).podCidrs).toEqual(["10.244.0.0/16", "10.250.0.0/24"]);
});

const old = aPool({ cidr: "10.246.0.0/16", disabled: true, vxlanMode: "Never", ipipMode: "Always" }, "old");

test("a disabled pool in which pods still live is the pods' as before, with the way in which it carries them", () => {
  const { facts } = aCalicoCluster({ pools: [aPool(), old] }).withPods(aPod("shop", "web", { ips: ["10.246.3.7"] }));
  expect(detectSource(facts)).toMatchObject({ podCidrs: ["10.244.0.0/16", "10.246.0.0/16"], mode: "ipip and vxlan" });
  expect(detectSource(facts)).not.toHaveProperty("otherRanges");
});

test("the address of a tunnel device keeps a disabled pool in use too", () => {
  const { facts } = aCalicoCluster({ pools: [aPool(), old] });
  const nodes = facts.nodes.map((node) => ({
    ...node,
    annotations: { "projectcalico.org/IPv4IPIPTunnelAddr": "10.246.9.0" },
  }));
  expect(detectSource({ ...facts, nodes }).podCidrs).toEqual(["10.244.0.0/16", "10.246.0.0/16"]);
});

test("what Cilium gave out of a disabled pool is not the source's: guides tell to make such a pool for it", () => {
  const cluster = aCalicoCluster({ pools: [aPool(), old] }).withPods(aPod("shop", "web", { ips: ["10.246.3.7"] }));
  const moved = { name: "worker-1", podCidrs: ["10.246.3.0/24"], ciliumInternalIps: [], healthIp: null, error: "" };
  const { facts } = cluster.with({ ciliumNodes: [moved] });
  expect(detectSource(facts).podCidrs).toEqual(["10.244.0.0/16"]);
});

test.each([
  ["disabled", { disabled: true }, "IPPool beside, which is disabled"],
  ["for load balancers", { allowedUses: ["LoadBalancer"] }, "IPPool beside, which is not for pods"],
])("a pool that is %s is kept free of the new range, and no pod's", (_, over, what) => {
  const { facts } = aCalicoCluster({ pools: [aPool(), aPool({ cidr: "10.245.0.0/16", ...over }, "beside")] });
  const source = detectSource(facts);
  expect(source.podCidrs).toEqual(["10.244.0.0/16"]);
  expect(source.otherRanges).toMatchObject([{ cidr: "10.245.0.0/16", what }]);
  expect(chooseTarget(facts, source, defaultPlanInput).podCidr).not.toBe("10.245.0.0/16");
});

test("what Felix was told counts for its tunnel, and the API's own group before the older one", () => {
  const felix = anObject("default", { vxlanPort: 4790, vxlanVNI: "many" });
  const objects = {
    "felixconfigurations.crd.projectcalico.org": [felix],
    "ippools.projectcalico.org": [aPool({ cidr: "10.9.0.0/16" })],
  };
  const { encapsulations, podCidrs } = detectSource(aCalicoCluster({ objects }).facts);
  expect(encapsulations).toEqual([{ protocol: "vxlan", port: 4790, vni: 4096 }]);
  expect(podCidrs).toEqual(["10.9.0.0/16"]);
});

test("what Felix's environment says of its tunnel comes before its object, so that Cilium takes another port", () => {
  const env = { FELIX_VXLANPORT: "8472", FELIX_VXLANVNI: "7" };
  const objects = { "felixconfigurations.crd.projectcalico.org": [anObject("default", { vxlanPort: 4790 })] };
  const { facts } = aCalicoCluster({ daemonSet: { env }, objects });
  const source = detectSource(facts);
  expect(source.encapsulations).toEqual([{ protocol: "vxlan", port: 8472, vni: 7 }]);
  expect(chooseTarget(facts, source, defaultPlanInput).tunnelPort).toBe(8473);
});

test("nftables by Felix's environment is the nftables data plane", () => {
  const { facts } = aCalicoCluster({ daemonSet: { env: { FELIX_NFTABLESMODE: "Enabled" } } });
  expect(calicoSetup(detectSource(facts)).dataPlane).toBe("nftables");
});

test("Typha goes with a manifest that has it, and is not named where it is not", () => {
  const typha = aWorkload("Deployment", "kube-system", "calico-typha");
  const kindsOf = (facts: ClusterFacts) => {
    const { namespace, workloads, own } = detectSource(facts);
    const objects = calico.objects({ namespace, workloads, own, ownsNamespace: false });
    return objects.filter(({ name }) => name === "calico-typha").map(({ kind }) => kind);
  };
  expect(kindsOf(aCalicoCluster().withWorkloads(typha).facts)).toEqual([
    "Deployment",
    "PodDisruptionBudget",
    "Service",
  ]);
  expect(kindsOf(aCalicoCluster().facts)).toEqual([]);
});

test.each([
  ["a pool without a range", [aPool({ cidr: null })], "IPPool default-ipv4-ippool cannot be read"],
  ["a pool whose range is none", [aPool({ cidr: "everything" })], "its cidr is no address range"],
  ["no pool", [], "no enabled IPPool can be seen"],
  ["pools that are all off", [aPool({ disabled: true })], "no enabled IPPool can be seen"],
])("%s is refused in one sentence", (_, pools, said) => {
  const { code, message, remedy } = refusal(aCalicoCluster({ pools }).facts);
  expect(code).toBe("NO_SOURCE");
  expect(message).toContain(said);
  expect(remedy).not.toBe("");
});

test("a name of a CNI configuration that is none is refused in one sentence, and an empty one is the usual", () => {
  const named = (CNI_CONF_NAME: string) => aCalicoCluster({ daemonSet: { env: { CNI_CONF_NAME } } }).facts;
  expect(refusal(named("../../passwd")).message).toContain('its CNI_CONF_NAME "../../passwd" is no name');
  expect(detectSource(named("")).confFile).toBe("10-calico.conflist");
});

test("kinds that are CRDs of the API's own group go from there", () => {
  const { facts } = aCalicoCluster({ pools: [], objects: { "ippools.projectcalico.org": [aPool()] } });
  const { namespace, workloads, own } = detectSource({
    ...facts,
    apiResources: { "projectcalico.org/v3": ["ippools"] },
  });
  const objects = calico.objects({ namespace, workloads, own, ownsNamespace: false });
  expect(objects.filter(({ kind }) => kind === "CustomResourceDefinition").map(({ name }) => name)).toEqual([
    "ippools.projectcalico.org",
  ]);
});

test("a recorded setup that is no such thing is that of an ordinary cluster", () => {
  const forged = { install: ["x"], dataPlane: "magic", detection: 7, peers: "many", bgp: "yes" };
  expect(calicoSetup({ own: forged })).toEqual({
    install: "manifest",
    dataPlane: "iptables",
    datastore: "kubernetes",
    detection: "first-found",
    detection6: "",
    bgp: false,
    peers: 0,
    encrypts: false,
    served: [],
    native: false,
    typha: false,
    policyOnlyOn: "",
  });
});

test("daemons go before what they need, the CRDs last, and Kubernetes' own kinds stay", () => {
  const { namespace, workloads, own } = detectSource(aCalicoCluster().facts);
  const objects = calico.objects({ namespace, workloads, own, ownsNamespace: false });
  const kinds = [...new Set(objects.map(({ kind }) => kind))];
  expect(kinds).toEqual([
    "DaemonSet",
    "Deployment",
    "PodDisruptionBudget",
    "ConfigMap",
    "ServiceAccount",
    "ClusterRoleBinding",
    "ClusterRole",
    "CustomResourceDefinition",
  ]);
  expect(objects.some(({ name }) => name.endsWith("policy.networking.k8s.io"))).toBe(false);
  expect(objects.some(({ kind }) => kind === "Namespace")).toBe(false);
});

test.each([
  ["its label", { labels: { "k8s-app": "canal" } }, "canal"],
  ["its images", { images: ["docker.io/calico/node:v3.30.0", "ghcr.io/flannel-io/flannel:v0.26.0"] }, "net"],
])("Canal is known by %s, and has Flannel's network", (_, over, name) => {
  const cluster = aCluster()
    .withNodes(2)
    .withWorkloads(aWorkload("DaemonSet", "kube-system", name, over))
    .withConfigMap("kube-system/canal-config", {
      "net-conf.json": JSON.stringify({ Network: "10.244.0.0/16", Backend: { Type: "vxlan" } }),
    });
  expect(detectSource(cluster.facts)).toMatchObject({
    id: "canal",
    encapsulations: [{ protocol: "vxlan", port: 8472, vni: 1 }],
    enforcesPolicies: true,
    own: { install: "canal" },
  });
});

test("Canal without its configuration is refused by its name", () => {
  const cluster = aCluster()
    .withNodes(1)
    .withWorkloads(aWorkload("DaemonSet", "kube-system", "canal"));
  expect(refusal(cluster.facts).message).toContain("Canal runs as DaemonSet kube-system/canal");
});

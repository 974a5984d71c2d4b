import { expect, test } from "vitest";
import type { NamespaceObject } from "../../../src/engine/model/cluster/namespace-contents.ts";
import { CrossfadeError } from "../../../src/engine/model/errors.ts";
import { detectSource } from "../../../src/engine/sources/detect.ts";
import { flannel } from "../../../src/engine/sources/flannel/flannel.ts";
import { aCluster, aFlannelCluster } from "../../support/facts.ts";
import { inWords } from "../../support/said.ts";

const cluster = (conf?: unknown) =>
  conf === undefined ? aFlannelCluster() : aCluster().withNodes(3).withFlannel(conf).withKubeProxy();
const source = (conf?: unknown) => detectSource(cluster(conf).facts);

test("what the manifest leaves to Flannel is filled in with Flannel's own defaults", () => {
  expect(source()).toEqual({
    id: "flannel",
    name: "Flannel",
    version: "0.28.9",
    namespace: "kube-flannel",
    workloads: [{ kind: "DaemonSet", namespace: "kube-flannel", name: "kube-flannel-ds" }],
    confFile: "10-flannel.conflist",
    network: "cbr0",
    plugins: ["/opt/cni/bin/flannel"],
    stateFolders: ["/run/flannel"],
    nftImage: null,
    enforcesPolicies: false,
    own: null,
    mode: "vxlan",
    encapsulations: [{ protocol: "vxlan", port: 8472, vni: 1 }],
    podCidrs: ["10.244.0.0/16"],
    mtu: 0,
    ownsNamespace: true,
    namespaceKeepers: [],
  });
});

test.each([
  [
    { Type: "vxlan", Port: 4789, VNI: 4096, MTU: 1400 },
    { mode: "vxlan", encapsulations: [{ protocol: "vxlan", port: 4789, vni: 4096 }], mtu: 1400 },
  ],
  [
    { Type: "VXLAN", Port: "4789" },
    { mode: "vxlan", encapsulations: [{ protocol: "vxlan", port: 8472, vni: 1 }] },
  ],
  [{ Type: "host-gw" }, { mode: "host-gw", encapsulations: [] }],
  [{ Type: "wireguard" }, { mode: "wireguard", encapsulations: [{ protocol: "wireguard", port: 51_820, vni: null }] }],
  [
    { Type: "wireguard", ListenPort: 51_000 },
    { mode: "wireguard", encapsulations: [{ protocol: "wireguard", port: 51_000, vni: null }] },
  ],
  [{ Type: "ipip" }, { mode: "ipip", encapsulations: [{ protocol: "ipip", port: null, vni: null }] }],
])("backend %j", (Backend, expected) => {
  expect(source({ Network: "10.244.0.0/16", Backend })).toMatchObject(expected);
});

test("both families are read", () => {
  const conf = { Network: "10.244.0.0/16", IPv6Network: "fd00:10:244::/56", Backend: { Type: "vxlan" } };
  expect(source(conf).podCidrs).toEqual(["10.244.0.0/16", "fd00:10:244::/56"]);
});

test.each<[string, unknown, string]>([
  ["no JSON", "{ Network: ", "is no JSON"],
  ["a list", [], "names no Network"],
  ["no network", { Backend: { Type: "vxlan" } }, "names no Network"],
  ["a network that is none", { Network: "10.244.0.0", Backend: { Type: "vxlan" } }, '"10.244.0.0" is no address range'],
  ["a network of another type", { Network: 7, Backend: { Type: "vxlan" } }, '"7" is no address range'],
])("a configuration with %s is refused with what is wrong", (_name, conf, words) => {
  expect(inWords(() => source(conf))).toThrow(words);
});

test.each([["udp"], ["alloc"], ["ipsec"], ["extension"], [undefined]])("backend %s is refused by name", (Type) => {
  let thrown: unknown;
  try {
    source({ Network: "10.244.0.0/16", Backend: { Type } });
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(CrossfadeError);
  expect(thrown).toMatchObject({ code: "NO_SOURCE" });
  expect(String(thrown)).toContain(`"${Type ?? "udp"}"`);
});

test("Flannel without its ConfigMap is refused", () => {
  expect(inWords(() => detectSource(aFlannelCluster().with({ configMaps: {} }).facts))).toThrow("kube-flannel-cfg");
});

test.each([
  ["docker.io/rancher/mirrored-flannelcni-flannel:v0.19.2", "0.19.2"],
  ["quay.io/coreos/flannel:v0.15.1-amd64", "0.15.1"],
  ["registry.local:5000/mirror/flannel:v0.25.1@sha256:abc", "0.25.1"],
  ["registry.local:5000/mirror/flannel", ""],
])("the version is read from image %s", (image, version) => {
  const facts = aFlannelCluster().facts;
  const workloads = facts.workloads.map((it) => (it.name === "kube-flannel-ds" ? { ...it, images: [image] } : it));
  expect(detectSource({ ...facts, workloads }).version).toBe(version);
});

test("Flannel of a distribution is found in kube-system, and its namespace is not its own", () => {
  const facts = aFlannelCluster().facts;
  const moved = {
    ...facts,
    workloads: facts.workloads.map((it) => ({ ...it, namespace: "kube-system" })),
    configMaps: { "kube-system/kube-flannel-cfg": facts.configMaps["kube-flannel/kube-flannel-cfg"] ?? {} },
  };
  const found = detectSource(moved);
  expect(found).toMatchObject({ namespace: "kube-system", ownsNamespace: false });
  expect(flannel.objects(found).map(({ kind }) => kind)).not.toContain("Namespace");
});

test("the DaemonSet is deleted first, and the namespace last", () => {
  const kinds = flannel.objects(source()).map(({ kind }) => kind);
  expect(kinds).toEqual(["DaemonSet", "ConfigMap", "ServiceAccount", "ClusterRoleBinding", "ClusterRole", "Namespace"]);
});

const inIt = (kind: string, name: string, over: Partial<NamespaceObject> = {}): NamespaceObject => ({
  apiVersion: "v1",
  kind,
  name,
  owners: [],
  serviceAccount: "",
  managedBy: "",
  ...over,
});

const holding = (objects: readonly NamespaceObject[], unknown: readonly string[] = []) =>
  detectSource(aFlannelCluster().with({ namespaceContents: { "kube-flannel": { objects, unknown } } }).facts);

/** What Flannel's manifest, Kubernetes and we put there. */
const usual = [
  inIt("DaemonSet", "kube-flannel-ds"),
  inIt("ConfigMap", "kube-flannel-cfg"),
  inIt("ConfigMap", "kube-root-ca.crt"),
  inIt("ServiceAccount", "flannel"),
  inIt("ServiceAccount", "default"),
  inIt("Secret", "flannel-token-x1", { serviceAccount: "flannel" }),
  inIt("Pod", "kube-flannel-ds-abcde", { owners: ["DaemonSet/kube-flannel-ds"] }),
  inIt("ControllerRevision", "kube-flannel-ds-7f", { owners: ["DaemonSet/kube-flannel-ds"] }),
  inIt("Role", "crossfade-operate", { managedBy: "crossfade" }),
];

test("a namespace that holds what Flannel, Kubernetes and we put there goes with Flannel", () => {
  expect(holding(usual)).toMatchObject({ ownsNamespace: true, namespaceKeepers: [] });
});

test.each([
  ["Secret", inIt("Secret", "registry")],
  ["ConfigMap", inIt("ConfigMap", "ours")],
  ["PersistentVolumeClaim", inIt("PersistentVolumeClaim", "data")],
  ["Pod", inIt("Pod", "debug")],
  ["Pod", inIt("Pod", "exporter-1", { owners: ["ReplicaSet/exporter"] })],
  ["Service", inIt("Service", "metrics")],
  ["Widget", inIt("Widget", "of-a-crd", { apiVersion: "example.com/v1" })],
])("a namespace that holds a %s of somebody else stays, and says so by name", (kind, foreign) => {
  const source = holding([...usual, foreign]);
  expect(source).toMatchObject({ ownsNamespace: false, namespaceKeepers: [`${kind} ${foreign.name}`] });
  expect(flannel.objects(source).map((object) => object.kind)).not.toContain("Namespace");
});

test("a kind that could not be listed is named and decides nothing: it is asked again before the namespace goes", () => {
  const source = holding(usual, ["Widget (403 forbidden)"]);
  expect(source.ownsNamespace).toBe(true);
  expect(source.namespaceKeepers).toEqual(["Widget (403 forbidden), not listed"]);
});

test("leftovers are named by what this Flannel really made", () => {
  const conf = { Network: "10.244.0.0/16", Backend: { Type: "vxlan", VNI: 4096 } };
  expect(flannel.leftovers(source(conf))).toEqual({
    links: ["cni0", "flannel.4096", "flannel-v6.4096"],
    routes: true,
    blackholeRoutes: false,
    chainPrefixes: ["FLANNEL-"],
    ruleComments: [],
    ipsetPrefixes: [],
    nftTables: [],
    confFiles: ["10-flannel.conflist", "10-flannel.conflist.cilium_bak"],
    folders: ["/run/flannel", "/var/lib/cni/flannel"],
    reservations: "/var/lib/cni/networks/cbr0",
    plugins: ["/opt/cni/bin/flannel"],
    files: [],
    annotations: ["flannel.alpha.coreos.com/"],
    mounts: ["/run/flannel", "/var/lib/cni", "/opt/cni/bin"],
  });
  const routed = { Network: "10.244.0.0/16", Backend: { Type: "host-gw" } };
  expect(flannel.leftovers(source(routed)).links).toEqual(["cni0"]);
});

import type { ObjectRef } from "../../model/cluster/object-ref.ts";
import { CrossfadeError } from "../../model/errors.ts";
import type { ClusterFacts, NodeFacts, WorkloadFacts } from "../../model/facts.ts";
import type { SourceFacts } from "../../model/plan-types.ts";
import { type Reason, reason } from "../../model/reason.ts";
import { fullName } from "../../model/some-of.ts";
import { ok, warning } from "../../preflight/check.ts";
import { imaged, imagePath, labelled } from "../fingerprints.ts";
import { namespaceGoes } from "../foreign-in.ts";
import type { Source, SourcePlace, Trace } from "../source.ts";
import { noSteps } from "../source-step.ts";
import { flannelAnnotation, flannelLeftovers, flannelPlugin, stateFolder } from "./leftovers.ts";
import { type Backend, netConfKey, readCniConf, readNetConf, writesNftTables } from "./net-conf.ts";

/** What Flannel's own manifest writes; where a manifest says another name, that one counts. */
const usualConfFile = "10-flannel.conflist";
const configMap = "kube-flannel-cfg";
const ownNamespaces = ["kube-flannel"];
const rbac = "rbac.authorization.k8s.io/v1";

const daemonImages = ["/flannel", "mirrored-flannelcni-flannel", "mirrored-flannel-io-flannel", "hardened-flannel"];

function matches(workload: WorkloadFacts): boolean {
  return (
    imaged(workload, ...daemonImages) ||
    /^kube-flannel(-ds)?(-(amd64|arm64|arm|ppc64le|s390x))?$/.test(workload.name) ||
    (labelled(workload, "app=flannel", "k8s-app=flannel") && workload.name.includes("flannel"))
  );
}

const daemonImage = ({ images }: WorkloadFacts): string | undefined =>
  images.find((name) => imagePath(name).includes("flannel") && !imagePath(name).includes("cni-plugin"));

/** Tag of the daemon's own image, without the architecture that old manifests append; "" where it bears none. */
function versionOf(workload: WorkloadFacts): string {
  const tag = /:([^:/@]+)(@.*)?$/.exec(daemonImage(workload) ?? "")?.[1];
  return (tag ?? "").replace(/^v/, "").replace(/-(amd64|arm64|arm|ppc64le|s390x)$/, "");
}

function objects({ namespace, workloads, ownsNamespace }: SourcePlace): readonly ObjectRef[] {
  return [
    ...workloads.map((workload) => ({ apiVersion: "apps/v1", ...workload })),
    { apiVersion: "v1", kind: "ConfigMap", namespace, name: configMap },
    { apiVersion: "v1", kind: "ServiceAccount", namespace, name: "flannel" },
    { apiVersion: rbac, kind: "ClusterRoleBinding", namespace: null, name: "flannel" },
    { apiVersion: rbac, kind: "ClusterRole", namespace: null, name: "flannel" },
    ...(ownsNamespace ? [{ apiVersion: "v1", kind: "Namespace", namespace: null, name: namespace }] : []),
  ];
}

function namespaceOf(
  place: Pick<SourcePlace, "namespace" | "workloads">,
  facts: ClusterFacts,
): Pick<SourceFacts, "ownsNamespace" | "namespaceKeepers"> {
  const { namespace } = place;
  if (!ownNamespaces.includes(namespace)) return { ownsNamespace: false, namespaceKeepers: [] };
  return namespaceGoes(facts.namespaceContents[namespace], objects({ ...place, own: null, ownsNamespace: false }));
}

/** Each of its DaemonSets may write a file of another name: those besides the first one's. */
function otherFiles([first, ...others]: readonly [WorkloadFacts, ...WorkloadFacts[]]): Pick<SourceFacts, "own"> {
  const all = [...first.confFiles, ...others.flatMap(({ confFiles }) => confFiles)];
  const more = [...new Set(all)].filter((file) => file !== (first.confFiles[0] ?? usualConfFile));
  return { own: more.length === 0 ? null : { confFiles: more } };
}

function read(workloads: readonly [WorkloadFacts, ...WorkloadFacts[]], facts: ClusterFacts): SourceFacts {
  const [first] = workloads;
  const { namespace } = first;
  const where = `${namespace}/${configMap}`;
  const text = facts.configMaps[where]?.[netConfKey];
  if (text === undefined) {
    const facts = { source: flannel.name, daemonSet: fullName(first), namespace, configMap, key: netConfKey };
    throw new CrossfadeError("NO_SOURCE", reason("source-config-missing", facts));
  }
  const own = workloads.map((set) => ({ kind: "DaemonSet", namespace: set.namespace, name: set.name }) as const);
  return {
    id: flannel.id,
    name: flannel.name,
    version: versionOf(first),
    namespace,
    workloads: own,
    confFile: first.confFiles[0] ?? usualConfFile,
    ...otherFiles(workloads),
    network: readCniConf(facts.configMaps[where]?.["cni-conf.json"]),
    plugins: workloads.some(({ hostFiles }) => hostFiles.includes(flannelPlugin)) ? [flannelPlugin] : [],
    stateFolders: [stateFolder],
    nftImage: writesNftTables(text, where) ? (daemonImage(first) ?? null) : null,
    enforcesPolicies: false,
    ...readNetConf(text, where),
    ...namespaceOf({ namespace, workloads: own }, facts),
  };
}

const told = ({ annotations }: NodeFacts) => `${flannelAnnotation}backend-type` in annotations;

/** k3s runs Flannel inside its own process and has no DaemonSet for it. */
function traces({ nodes }: ClusterFacts): readonly Trace[] {
  const source = flannel.name;
  const found: readonly (readonly [Trace["kind"], boolean, Reason])[] = [
    [
      "embedded",
      nodes.some((node) => node.kubeletVersion.includes("+k3s") && told(node)),
      reason("source-embedded", { source, within: "k3s" }),
    ],
    ["left", nodes.some(told), reason("source-traces-only", { source })],
  ];
  return found.flatMap(([kind, there, why]) =>
    there ? [{ kind, refusal: new CrossfadeError("NO_SOURCE", why) }] : [],
  );
}

const backendNames: Readonly<Record<Backend, string>> = {
  vxlan: "VXLAN",
  "host-gw": "host routes",
  wireguard: "WireGuard",
  ipip: "IPIP",
};

/** Flannel over VXLAN is Cilium's own example; host-gw routes through the same tables. The rest nobody has reported on. */
function support({ name, version, mode }: SourceFacts) {
  const of = { source: name, version, mode: backendNames[mode as Backend] ?? mode };
  return mode === "vxlan" || mode === "host-gw" ? ok("source-mode-supported", of) : warning("source-mode-untested", of);
}

/** Flannel, by any of its manifests that run it as a DaemonSet. */
export const flannel: Source = {
  id: "flannel",
  name: "Flannel",
  matches,
  read,
  traces,
  support,
  checks: [],
  steps: () => noSteps,
  objects,
  leftovers: flannelLeftovers,
  rights: () => [],
  usual: {
    namespace: "kube-flannel",
    workloads: [{ kind: "DaemonSet", namespace: "kube-flannel", name: "kube-flannel-ds" }],
    own: null,
  },
  configMaps: [`kube-flannel/${configMap}`, `kube-system/${configMap}`],
  kinds: [],
  environment: [],
  ownNamespaces,
  addressAnnotations: [`${flannelAnnotation}public-ip`],
};

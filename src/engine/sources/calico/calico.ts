import type { ClusterFacts, WorkloadFacts } from "../../model/facts.ts";
import type { SourceFacts, SourceRange } from "../../model/plan-types.ts";
import { imaged, imagePath, labelled } from "../fingerprints.ts";
import { namespaceGoes } from "../foreign-in.ts";
import type { Source, SourcePlace } from "../source.ts";
import { calicoKinds, operatorNamespace, tigeraNamespace } from "./kinds.ts";
import { calicoAnnotation, calicoFolders, calicoLeftovers, calicoPlugins } from "./leftovers.ts";
import { calicoObjects } from "./objects.ts";
import { encapsulationsOf, modeOf, otherRanges, type Pool, podPools } from "./pools.ts";
import { calicoEnvironment, confFileOf, felixSettings, mtuOf, objectsOf, settingsOf } from "./settings.ts";
import { type CalicoSetup, hasNoPools, keptSetup } from "./setup.ts";
import { calicoStepRights, calicoSteps } from "./steps/calico-steps.ts";
import { calicoSupport } from "./support.ts";

/** What its manifest and its operator write; CNI_CONF_NAME says another. */
const usualConfFile = "10-calico.conflist";
const ownNamespaces = [operatorNamespace, tigeraNamespace];

/** Ends of the paths of calico-node's image, in the registries that carry it. */
export const calicoImages = ["calico/node", "calico-node", "hardened-calico", "mirrored-calico-node"];

/** By its label, its name or its image, wherever that comes from. */
const isCalicoNode = (it: WorkloadFacts) =>
  labelled(it, "k8s-app=calico-node") || it.name === "calico-node" || imaged(it, ...calicoImages);

/** Tag of calico-node's own image; "" where it bears none. */
export function calicoVersion({ images }: WorkloadFacts): string {
  const image = images.find((name) => calicoImages.some((end) => imagePath(name).endsWith(end)));
  return (/:([^:/@]+)(@.*)?$/.exec(image ?? "")?.[1] ?? "").replace(/^v/, "");
}

function namespaceOf(
  place: Omit<SourcePlace, "ownsNamespace">,
  facts: ClusterFacts,
): Pick<SourceFacts, "ownsNamespace" | "namespaceKeepers"> {
  const { namespace } = place;
  if (!ownNamespaces.includes(namespace)) return { ownsNamespace: false, namespaceKeepers: [] };
  return namespaceGoes(facts.namespaceContents[namespace], calicoObjects({ ...place, ownsNamespace: false }));
}

interface Pools {
  readonly pools: readonly Pool[];
  readonly others: readonly SourceRange[];
}

function poolsOf(setup: CalicoSetup, facts: ClusterFacts): Pools {
  if (hasNoPools(setup)) return { pools: [], others: [] };
  const objects = objectsOf(facts, "ippools");
  const pools = podPools(calico.name, objects, facts);
  return { pools, others: otherRanges(objects, pools) };
}

function read(workloads: readonly [WorkloadFacts, ...WorkloadFacts[]], facts: ClusterFacts): SourceFacts {
  const [first] = workloads;
  const { namespace } = first;
  const setup = settingsOf(first, facts);
  const { pools, others } = poolsOf(setup, facts);
  const place = {
    namespace,
    workloads: workloads.map((set) => ({ kind: "DaemonSet", namespace: set.namespace, name: set.name }) as const),
    own: keptSetup(setup),
  };
  return {
    id: calico.id,
    name: calico.name,
    version: calicoVersion(first),
    ...place,
    confFile: confFileOf(calico.name, first, usualConfFile),
    network: null,
    plugins: [...calicoPlugins],
    stateFolders: [...calicoFolders],
    nftImage: null,
    mode: modeOf(pools),
    encapsulations: encapsulationsOf(pools, felixSettings(first, facts)),
    podCidrs: pools.map(({ cidr }) => cidr),
    ...(others.length > 0 ? { otherRanges: others } : {}),
    mtu: mtuOf(first, facts),
    enforcesPolicies: true,
    ...namespaceOf(place, facts),
  };
}

/** Calico, by manifest or by the Tigera operator. */
export const calico: Source = {
  id: "calico",
  name: "Calico",
  matches: isCalicoNode,
  read,
  traces: () => [],
  support: calicoSupport,
  checks: [],
  steps: calicoSteps,
  objects: calicoObjects,
  leftovers: calicoLeftovers,
  rights: calicoStepRights,
  usual: {
    namespace: "kube-system",
    workloads: [{ kind: "DaemonSet", namespace: "kube-system", name: "calico-node" }],
    own: null,
  },
  configMaps: ["kube-system/calico-config"],
  kinds: calicoKinds,
  environment: calicoEnvironment,
  ownNamespaces,
  addressAnnotations: [`${calicoAnnotation}IPv4Address`],
};

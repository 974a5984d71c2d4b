import type { SourceFacts } from "../../../model/plan-types.ts";
import type { SourceRight } from "../../../model/ports/source-directory.ts";
import { noSteps, type SourceSteps } from "../../source-step.ts";
import { calicoSetup, isByOperator } from "../setup.ts";
import { addressesLost, checkAddresses, pinAddresses, recheckAddresses, unpinAddresses } from "./address-steps.ts";
import { couldTakeCilium } from "./detection.ts";
import { freeAddresses } from "./free-addresses.ts";
import { awaitCiliumOperator, clearNetworkUnavailable } from "./network-available.ts";
import { releaseObjects, startOwner, stopOwner } from "./stop-owner.ts";

/**
 * Calico's own steps as it is set up. Of Canal there are few: Flannel carries its traffic, so it detects no address by links; some
 * of its distributions have left the Node's condition and its taint behind (rancher/rke2#10494).
 */
export function calicoSteps(source: SourceFacts): SourceSteps {
  const { install, detection } = calicoSetup(source);
  if (install === "canal") return { ...noSteps, run: [awaitCiliumOperator, clearNetworkUnavailable] };
  // Which range is Cilium's follows from the plan that these steps are part of: the step itself looks again.
  const pins = couldTakeCilium(detection, null);
  const isOperated = install === "operator";
  return {
    run: [
      ...(pins ? [pinAddresses] : []),
      checkAddresses,
      awaitCiliumOperator,
      isOperated ? stopOwner : releaseObjects,
      clearNetworkUnavailable,
    ],
    node: [recheckAddresses],
    rollbackNode: [],
    rollbackRun: [startOwner, ...(pins ? [unpinAddresses] : []), freeAddresses],
    causeOfLoss: addressesLost,
  };
}

const change = ["get", "patch"];
const operatorApi = "operator.tigera.io";
const rbac = "rbac.authorization.k8s.io";
const calicoApis = ["crd.projectcalico.org", "projectcalico.org"];
const controllers = "calico-kube-controllers";
/** With finalizers of the operator's. */
const tied = ["calico-node", "calico-cni-plugin"];
const tiedKinds = ["apiservers", "whiskers", "goldmanes", "gatewayapis", "istios"];

/** Finalizers are removed with Calico alone. */
const letGo = (group: string, resource: string, verbs: readonly string[], names?: readonly string[]): SourceRight => ({
  stage: "finalize",
  group,
  resource,
  verbs,
  ...(names === undefined ? {} : { names }),
});

const ofOperator: readonly SourceRight[] = [
  // Whose addresses it is told how to detect is in the Installation.
  { group: "apps", resource: "daemonsets", verbs: ["get"], names: ["calico-node"] },
  { group: "apps", resource: "deployments", verbs: change, names: ["tigera-operator", controllers] },
  { group: operatorApi, resource: "installations", verbs: change, names: ["default"] },
  ...tiedKinds.map((resource) => letGo(operatorApi, resource, change, ["default"])),
  letGo("", "serviceaccounts", ["patch"], tied),
  letGo(rbac, "clusterroles", ["patch"], tied),
  letGo(rbac, "clusterrolebindings", ["patch"], tied),
];

const ofManifest: readonly SourceRight[] = [
  { group: "apps", resource: "daemonsets", verbs: change, names: ["calico-node"] },
  { group: "apps", resource: "deployments", verbs: change, names: [controllers] },
  // Where kinds of an operator that is gone are still served, it is looked there too.
  ...["installations", ...tiedKinds].map((resource) => letGo(operatorApi, resource, ["get"], ["default"])),
];

/** What these steps do to objects: names are those that Calico's own manifests and its operator write. */
export const calicoStepRights = (place: Parameters<typeof isByOperator>[0]): readonly SourceRight[] => [
  ...(isByOperator(place) ? ofOperator : ofManifest),
  // Finalizers since 3.32; names are the user's.
  ...calicoApis.flatMap((group) => ["ippools", "tiers"].map((resource) => letGo(group, resource, ["patch"]))),
  ...calicoApis.map((group) => ({ group, resource: "ipamblocks", verbs: ["list"] })),
];

import type { SourceFacts } from "../../../model/plan-types.ts";
import type { SourceRight } from "../../../model/ports/source-directory.ts";
import { noSteps, type SourceSteps } from "../../source-step.ts";
import { calicoSetup } from "../setup.ts";
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
const tied = ["calico-node", "calico-cni-plugin"];
const operatorKinds = ["installations", "apiservers", "whiskers", "goldmanes", "gatewayapis", "istios"];
const calicoApis = ["crd.projectcalico.org", "projectcalico.org"];

/** What these steps do to objects: names are those that Calico's own manifests and its operator write. */
export const calicoStepRights: readonly SourceRight[] = [
  { group: "apps", resource: "daemonsets", verbs: change, names: ["calico-node"] },
  { group: "apps", resource: "deployments", verbs: change, names: ["tigera-operator", "calico-kube-controllers"] },
  ...operatorKinds.map((resource) => ({ group: operatorApi, resource, verbs: change, names: ["default"] })),
  { group: "", resource: "serviceaccounts", verbs: change, names: tied },
  { group: rbac, resource: "clusterroles", verbs: change, names: tied },
  { group: rbac, resource: "clusterrolebindings", verbs: change, names: tied },
  // Finalizers since 3.32; names are the user's.
  ...calicoApis.flatMap((group) =>
    ["ippools", "tiers"].map((resource) => ({ group, resource, verbs: ["list", "patch"] })),
  ),
  ...calicoApis.map((group) => ({ group, resource: "ipamblocks", verbs: ["list"] })),
];

import type { workloadFindings } from "../../engine/model/reasons/findings/workload-findings.ts";
import { counted } from "../../engine/model/some-of.ts";
import { type ChecksInWords, either, fewOf, found, listed, type Some } from "./found.ts";

const pdbs = "PodDisruptionBudget";
const thenFails = "up to --drain-timeout; then the node fails, still on its old network";

const withoutController = (pods: Some) =>
  `${counted(pods.count, "pod")} ${either(pods, "has", "have")} no controller: ${listed(pods)}`;

const withEmptyDir = (pods: Some) =>
  `${counted(pods.count, "pod")} ${either(pods, "keeps", "keep")} data in an emptyDir, lost with the move: ${listed(pods)}`;

const withAddress = (pods: Some) =>
  `${counted(pods.count, "static pod")} ${either(pods, "has a pod address", "have pod addresses")}: ${listed(pods)}`;

/** Checks of the workloads: names, and what each finds. */
export const workloadWords: ChecksInWords<typeof workloadFindings> = {
  "bare-pods": {
    title: "Pods without a controller",
    ok: "Every pod has a controller",
    finds: {
      "pods-without-controller": (pods) =>
        found(withoutController(pods), "move them yourself, or let them be deleted for good with --delete-bare-pods"),
      "pods-without-controller-deleted": (pods) =>
        found(
          `${withoutController(pods)}, and will be deleted for good`,
          "keep their manifests: kubectl get pod -o yaml",
        ),
    },
  },
  "budgets-blocked": {
    title: "PDBs allow evictions",
    accepted: `each drain waits for its budgets, ${thenFails}`,
    finds: {
      "pdbs-allow-evictions": ({ count }) => found(`${counted(count, pdbs)}, and each allows an eviction`),
      "pdbs-never-allow": (budgets) =>
        found(
          `${counted(budgets.count, pdbs)} can never allow an eviction: ${listed(budgets)}`,
          "add a replica; leave the node out with --exclude; or, where an operator moves the pod once its node is cordoned, let the drain wait for it with --accept budgets-blocked",
        ),
      "pdbs-corner-nodes": (nodes) =>
        found(
          `No other node takes the pods of a node, and budgets let only some of them go, so it cannot be drained: ${fewOf(nodes)}`,
          "add a node for the time, or scale the workload down; where one will come by itself, --accept budgets-blocked lets the drain wait for it",
        ),
      "pdbs-allow-after-operator": (budgets) =>
        found(
          `${counted(budgets.count, pdbs)} ${either(budgets, "allows", "allow")} an eviction only once the operator has moved its pod, which it does when the node is cordoned: ${listed(budgets)}`,
          "leave the budget as it is, its operator writes it; the drain waits for the operator, up to --drain-timeout",
        ),
      "pdbs-allow-none-now": (budgets) =>
        found(
          `${counted(budgets.count, pdbs)} ${either(budgets, "allows", "allow")} no eviction now: ${listed(budgets)}`,
          "repair their pods: a drain waits until they are healthy",
        ),
    },
  },
  "budgets-shared": {
    title: "No pod matches two PDBs",
    ok: "No pod is under two budgets",
    accepted: `each drain waits until one budget is left, ${thenFails}`,
    finds: {
      "pods-under-two-pdbs": (pods) =>
        found(
          `${counted(pods.count, "pod")} cannot be evicted, because two budgets select ${either(pods, "it", "each")}: ${listed(pods)}`,
          "narrow one budget's selector: kubectl -n NAMESPACE edit pdb NAME; or let the drain wait for that with --accept budgets-shared",
        ),
    },
  },
  "empty-dirs": {
    title: "Pods with emptyDir data",
    ok: "No pod that moves keeps data in an emptyDir",
    finds: {
      "pods-with-empty-dir": (pods) => found(withEmptyDir(pods), "allow it with --delete-emptydir-data"),
      "pods-with-empty-dir-deleted": (pods) => found(withEmptyDir(pods), "make sure that it is only cache"),
    },
  },
  "host-paths": {
    title: "Pods with writable hostPath volumes",
    ok: "No pod that moves writes to a folder of its node",
    finds: {
      "pods-with-host-path": (pods) =>
        found(
          `${counted(pods.count, "pod")} ${either(pods, "writes", "write")} to a folder of ${either(pods, "its node", "their nodes")}, and may start on another without it: ${listed(pods)}`,
          "give them a volume, or a nodeSelector by kubernetes.io/hostname: then they wait until their node is back",
        ),
    },
  },
  jobs: {
    title: "Running Jobs",
    ok: "No Job is at work",
    finds: {
      "pods-of-jobs": (pods) =>
        found(
          `${counted(pods.count, "pod")} of Jobs ${either(pods, "is", "are")} stopped and ${either(pods, "starts", "start")} over elsewhere, which counts against backoffLimit: ${listed(pods)}`,
          "let them end first, or give their Jobs a podFailurePolicy that ignores DisruptionTarget",
        ),
    },
  },
  "pinned-pods": {
    title: "Pods that fit only one node",
    ok: "Every pod that moves fits more than one node",
    finds: {
      "pods-pinned": (pods) =>
        found(
          `${counted(pods.count, "pod")} ${either(pods, "fits", "fit")} one node only, and ${either(pods, "is", "are")} away while ${either(pods, "it moves", "they move")}: ${listed(pods)}`,
          "label a second node for them first; what has its data on one node comes back with that node",
        ),
      "local-volumes-unread": () =>
        found(
          "Whether volumes keep pods on one node could not be read: this user may not list PersistentVolumes",
          "look with: kubectl get pv -o wide; crossfade rbac prints the right",
        ),
    },
  },
  "served-by-pods": {
    title: "Webhooks and APIServices served by pods",
    ok: "No webhook that fails closed, and no API, is served by pods",
    finds: {
      "apis-served-by-pods": (backends) =>
        found(
          `${counted(backends.count, "part")} of the API ${either(backends, "is", "are")} served by pods that move: ${listed(backends)}`,
          "give each two replicas on different nodes, and a budget; where the API server is outside of the cluster, check that it can reach the new range",
        ),
    },
  },
  "single-replicas": {
    title: "Single-replica Deployments",
    ok: "Every Deployment that runs has more than one replica",
    finds: {
      "deployments-with-one-replica": (ones) =>
        found(
          `${counted(ones.count, "Deployment")} ${either(ones, "has", "have")} one replica, and ${either(ones, "is", "are")} away while ${either(ones, "it moves", "they move")}: ${listed(ones)}`,
          "give them a second replica for the time: kubectl scale --replicas=2",
        ),
    },
  },
  "stateful-sets": {
    title: "StatefulSets",
    ok: "No StatefulSet runs",
    finds: {
      "stateful-sets-move": (sets) =>
        found(
          `${counted(sets.count, "StatefulSet")}, whose members are away one after the other while they move: ${listed(sets)}`,
          "make sure that their volumes can follow to another node, and that a budget guards their quorum",
        ),
    },
  },
  "static-pods": {
    title: "Static pods",
    finds: {
      "static-pods-on-host-network": ({ count }) => found(`${counted(count, "static pod")}, all on the host's network`),
      "static-pods-need-reboot": (pods) =>
        found(
          `${withAddress(pods)}, which only a reboot renews`,
          "choose a --reboot method, or move their manifests away",
        ),
      "static-pods-until-reboot": (pods) =>
        found(
          `${withAddress(pods)}, kept until the node reboots`,
          "nothing, if a short break of them can be lived with",
        ),
    },
  },
  "stuck-pods": {
    title: "Pods that may block the drain",
    ok: "No pod has a finalizer, or hangs while it stops",
    finds: {
      "pods-may-outlast-drain": (pods) =>
        found(
          `${counted(pods.count, "pod")} may outlast a drain: ${listed(pods)}`,
          "repair the controllers that hold them, or give drains more time with --drain-timeout",
        ),
    },
  },
};

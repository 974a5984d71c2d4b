import type { workloadFindings } from "../../engine/model/reasons/findings/workload-findings.ts";
import { counted } from "../../engine/model/some-of.ts";
import { type ChecksInWords, either, fewOf, found, listed, type Some } from "./found.ts";

const pdbs = "PodDisruptionBudget";
const thenFails = "up to --drain-timeout; then the node fails and stays on the old CNI";

const withoutController = (pods: Some) =>
  `${counted(pods.count, "pod")} ${either(pods, "has", "have")} no controller: ${listed(pods)}`;

const withEmptyDir = (pods: Some) =>
  `${counted(pods.count, "pod")} ${either(pods, "keeps", "keep")} data in an emptyDir, which an eviction deletes: ${listed(pods)}`;

const withAddress = (pods: Some) =>
  `${counted(pods.count, "static pod")} ${either(pods, "has a pod IP", "have pod IPs")}: ${listed(pods)}`;

/** Checks of the workloads: names, and what each finds. */
export const workloadWords: ChecksInWords<typeof workloadFindings> = {
  "bare-pods": {
    title: "Pods without a controller",
    ok: "Every pod has a controller",
    finds: {
      "pods-without-controller": (pods) =>
        found(
          withoutController(pods),
          "recreate them elsewhere yourself, or allow their deletion with --delete-bare-pods",
        ),
      "pods-without-controller-deleted": (pods) =>
        found(
          `${withoutController(pods)}, which the drain deletes for good`,
          "keep their manifests: kubectl get pod -o yaml",
        ),
    },
  },
  "budgets-blocked": {
    title: "PDBs allow evictions",
    accepted: `each drain waits for its PDBs, ${thenFails}`,
    finds: {
      "pdbs-allow-evictions": ({ count }) => found(`${counted(count, pdbs)}; each allows an eviction`),
      "pdbs-never-allow": (budgets) =>
        found(
          `${counted(budgets.count, pdbs)} never ${either(budgets, "allows", "allow")} an eviction: ${listed(budgets)}`,
          "add a replica, or exclude the node with --exclude; where an operator moves the pod once its node is cordoned, --accept budgets-blocked lets the drain wait for it",
        ),
      "pdbs-corner-nodes": (nodes) =>
        found(
          `A node cannot be drained: no other node can take its pods, and PDBs let only some of them go: ${fewOf(nodes)}`,
          "add a node for now, or scale the workload down; where one joins by itself, --accept budgets-blocked lets the drain wait for it",
        ),
      "pdbs-allow-after-operator": (budgets) =>
        found(
          `${counted(budgets.count, pdbs)} ${either(budgets, "allows", "allow")} an eviction only after the operator has moved its pod, once the node is cordoned: ${listed(budgets)}`,
          "leave the PDB to its operator; the drain waits for the operator, up to --drain-timeout",
        ),
      "pdbs-allow-none-now": (budgets) =>
        found(
          `${counted(budgets.count, pdbs)} ${either(budgets, "allows", "allow")} no eviction right now: ${listed(budgets)}`,
          "fix their pods: a drain waits until they are healthy",
        ),
    },
  },
  "budgets-shared": {
    title: "No pod matches two PDBs",
    ok: "No pod matches two PDBs",
    accepted: `each drain waits until one PDB is left, ${thenFails}`,
    finds: {
      "pods-under-two-pdbs": (pods) =>
        found(
          `${counted(pods.count, "pod")} cannot be evicted, because two PDBs select ${either(pods, "it", "each")}: ${listed(pods)}`,
          "narrow the selector of one PDB: kubectl -n NAMESPACE edit pdb NAME; or let the drain wait for that with --accept budgets-shared",
        ),
    },
  },
  "empty-dirs": {
    title: "Pods with emptyDir data",
    ok: "No pod that moves keeps data in an emptyDir",
    finds: {
      "pods-with-empty-dir": (pods) => found(withEmptyDir(pods), "allow it with --delete-emptydir-data"),
      "pods-with-empty-dir-deleted": (pods) => found(withEmptyDir(pods), "make sure that it is only a cache"),
    },
  },
  "host-paths": {
    title: "Pods with writable hostPath volumes",
    ok: "No pod that moves writes to a hostPath of its node",
    finds: {
      "pods-with-host-path": (pods) =>
        found(
          `${counted(pods.count, "pod")} ${either(pods, "writes", "write")} to a hostPath of ${either(pods, "its node", "their nodes")}, and may start on another node without that data: ${listed(pods)}`,
          "give them a PersistentVolume, or pin them with a nodeSelector on kubernetes.io/hostname: they then wait until their node is back",
        ),
    },
  },
  jobs: {
    title: "Running Jobs",
    ok: "No Job is running",
    finds: {
      "pods-of-jobs": (pods) =>
        found(
          `${counted(pods.count, "pod")} of Jobs ${either(pods, "is", "are")} evicted and ${either(pods, "restarts", "restart")} elsewhere, which counts against backoffLimit: ${listed(pods)}`,
          "let them finish first, or give their Jobs a podFailurePolicy that ignores DisruptionTarget",
        ),
    },
  },
  "pinned-pods": {
    title: "Pods that fit only one node",
    ok: "Every pod that moves fits more than one node",
    finds: {
      "pods-pinned": (pods) =>
        found(
          `${counted(pods.count, "pod")} ${either(pods, "fits", "fit")} one node only, and ${either(pods, "is", "are")} down until that node is back: ${listed(pods)}`,
          "label a second node for them first; a pod with a local volume returns with its node",
        ),
      "local-volumes-unread": () =>
        found(
          "Whether local volumes pin pods to a node is not known: this user may not list PersistentVolumes",
          "check with: kubectl get pv -o wide; crossfade rbac prints the missing right",
        ),
    },
  },
  "served-by-pods": {
    title: "Webhooks and APIServices served by pods",
    ok: "No fail-closed webhook and no APIService is served by pods",
    finds: {
      "apis-served-by-pods": (backends) =>
        found(
          `${counted(backends.count, "API backend")} ${either(backends, "is a pod that moves", "are pods that move")}: ${listed(backends)}`,
          "run two replicas of each on different nodes, with a PDB; where the API server is outside the cluster, check that it can reach the new pod CIDR",
        ),
    },
  },
  "single-replicas": {
    title: "Single-replica Deployments",
    ok: "Every running Deployment has more than one replica",
    finds: {
      "deployments-with-one-replica": (ones) =>
        found(
          `${counted(ones.count, "Deployment")} ${either(ones, "has", "have")} a single replica and ${either(ones, "is", "are")} down while ${either(ones, "its", "their")} pod is moved: ${listed(ones)}`,
          "add a second replica for now: kubectl scale --replicas=2",
        ),
    },
  },
  "stateful-sets": {
    title: "StatefulSets",
    ok: "No StatefulSet runs",
    finds: {
      "stateful-sets-move": (sets) =>
        found(
          `${counted(sets.count, "StatefulSet")}, whose pods are down one after the other while they are moved: ${listed(sets)}`,
          "make sure that their volumes can attach to another node, and that a PDB protects their quorum",
        ),
    },
  },
  "static-pods": {
    title: "Static pods",
    finds: {
      "static-pods-on-host-network": ({ count }) => found(`${counted(count, "static pod")}, all on the host network`),
      "static-pods-need-reboot": (pods) =>
        found(
          `${withAddress(pods)}, which only a reboot replaces`,
          "choose a --reboot method, or move their manifests away",
        ),
      "static-pods-until-reboot": (pods) =>
        found(`${withAddress(pods)}, kept until the node reboots`, "nothing, if a short outage of them is acceptable"),
    },
  },
  "stuck-pods": {
    title: "Pods that may block the drain",
    ok: "No pod has a finalizer or is stuck terminating",
    finds: {
      "pods-may-outlast-drain": (pods) =>
        found(
          `${counted(pods.count, "pod")} may outlast a drain: ${listed(pods)}`,
          "fix the controllers that hold them, or give drains more time with --drain-timeout",
        ),
    },
  },
};

import { counted, someOf } from "../../engine/model/some-of.ts";
import type { NoteSayersOf } from "./note-sayers.ts";

/** What is told of what is removed and what stays, and of the journal. */
export const cleanUpNotes: NoteSayersOf<
  | "release-half-done"
  | "removed-from-node"
  | "sysctls-stay"
  | "not-removed"
  | "lease-removed"
  | "api-clean"
  | "cilium-kinds-left"
  | "namespace-stays"
  | "source-saved"
  | "source-not-saved"
  | "source-removed-again"
  | "owners-stay-frozen"
  | "detection-stays-pinned"
  | "addresses-held-by-nobody"
  | "journal-damaged"
  | "journal-outdated"
  | "journal-missed"
  | "journal-elsewhere"
  | "journal-failed"
> = {
  "release-half-done": ({ status }) => `the Helm release is ${status}: a helm before us was killed, bringing it back`,
  "removed-from-node": ({ node, items }) => `removing from ${node}: ${items.join(", ")}`,
  "sysctls-stay": ({ node }) => `what Cilium set on ${node} (rp_filter = 0) holds until its next restart`,
  "not-removed": ({ node, items, said }) => `${node} did not let go of ${items.join(", ")}: ${said}`,
  "lease-removed": ({ namespace, name }) => `removing Lease ${namespace}/${name}, which Cilium's operators shared`,
  "api-clean": () => "nothing of Cilium is left in the API: neither a kind of cilium.io nor the operator's Lease",
  "cilium-kinds-left": ({ kinds, nodes }) =>
    `left of Cilium in the API: its CRDs ${kinds.map((kind) => `${kind}.cilium.io`).join(", ")} with all objects in them, ${nodes} CiliumNodes among them: nothing reads them now, a later Cilium would; kubectl delete crd NAME removes one with its objects, policies too`,
  "namespace-stays": ({ name, foreign, unknown }) => {
    const reasons = [
      ...(foreign.length === 0 ? [] : [`it holds what is not the source's: ${foreign.join(", ")}`]),
      ...(unknown.length === 0 ? [] : [`what else it holds is not known: ${unknown.join(", ")}`]),
    ];
    return `Namespace ${name} stays: ${reasons.join("; ")}`;
  },
  "source-saved": ({ folder, objects }) =>
    `${counted(objects, "object")} of the old CNI, policies among them, ${objects === 1 ? "is" : "are"} saved in ${folder}: kubectl apply -f brings ${objects === 1 ? "it" : "them"} back; no Secret is saved`,
  "source-not-saved": () =>
    "the old CNI's objects are not saved (--without-saved-source): once they are deleted they are nowhere",
  "source-removed-again": ({ namespace, name }) => `DaemonSet ${namespace}/${name} is back: removed again`,
  "detection-stays-pinned": ({ object, before, mark }) =>
    `${object} keeps detecting addresses by the Node's InternalIP (before: ${before}, see annotation ${mark}): Cilium's link cilium_host stays on each node until its next restart, and could be taken for the node's address`,
  "addresses-held-by-nobody": ({ count, first, more }) =>
    `${counted(count, "address")} of the old CNI ${count === 1 ? "is" : "are"} still reserved for pods that are gone${first.length === 0 ? "" : ` (${someOf(first, 3, more)})`}: its controllers free them by themselves after leakGracePeriod (KubeControllersConfiguration)`,
  "owners-stay-frozen": ({ owners, source }) =>
    `${owners.join(", ")} ${owners.length === 1 ? "stays" : "stay"} suspended, or ${source} would be created again: remove it from the source of truth, then resume, and remove annotation crossfade/frozen`,
  "journal-damaged": ({ why, kept }) =>
    `the journal was damaged${why === "" ? "" : ` (${why})`} and is kept as ${kept}: a new one was begun`,
  "journal-outdated": ({ kept }) =>
    `the journal was written by another build of crossfade and is kept as ${kept}: a new one was begun`,
  "journal-missed": ({ count }) => `the journal is written again: ${count} events before this line are missing in it`,
  "journal-elsewhere": ({ wanted, path }) => `another process writes ${wanted}: this one's journal is ${path}`,
  "journal-failed": ({ path, why }) => `the journal ${path} cannot be written: ${why}; the run goes on without it`,
};

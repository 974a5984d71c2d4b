import { retrying } from "../audience.ts";
import { failed, type SayersOf } from "../said.ts";

/** What the API server refuses or does not answer, and what else the cluster keeps from us. */
export const serverFailureWords: SayersOf<
  | "server-not-kubernetes"
  | "server-unreachable"
  | "credentials-refused"
  | "reading-refused"
  | "server-failing"
  | "object-gone"
  | "request-invalid"
  | "rights-refused"
  | "watch-refused"
  | "lease-lost"
  | "lease-not-ours"
  | "no-engine-listens"
  | "namespace-made-by-others"
> = {
  "server-not-kubernetes": ({ server, context }) =>
    failed(
      `${server} answers, but not as a Kubernetes API server.`,
      `correct the server address of context ${context}`,
    ),
  "server-unreachable": ({ context, detail, advice }) =>
    failed(
      `The API server of context ${context} cannot be reached: ${detail}.`,
      advice ?? "check the address, the network and a VPN, or choose another context with --context",
    ),
  "credentials-refused": ({ server, context, said }) =>
    failed(
      `${server} does not accept the credentials of context ${context}: ${said}.`,
      "log in again, or choose another context with --context",
    ),
  "reading-refused": ({ server, context, said, lastedSeconds, sign }) => {
    const lasting = sign === null ? "" : ` (so for ${lastedSeconds ?? 0} s, in which ${sign})`;
    return failed(
      `${server} does not let context ${context} read the cluster: ${said}${lasting}.`,
      "use a context that may at least list nodes; crossfade preflight names every right that a run needs",
    );
  },
  "server-failing": ({ context, status, said }) =>
    failed(
      `The API server of context ${context} answered ${status}: ${said}.`,
      "try again when the API server is well",
    ),
  "object-gone": ({ said }, audience, { about }) =>
    failed(
      `The API server no longer knows what was to be changed: ${said}.`,
      `look at the cluster, then ${retrying(audience, about)}`,
    ),
  "request-invalid": ({ said }, audience, { about }) =>
    failed(`The API server refused: ${said}.`, `correct what it names, then ${retrying(audience, about)}`),
  "rights-refused": ({ said }, audience, { about }) =>
    failed(
      `The cluster does not let us: ${said}.`,
      `ask for the rights that crossfade preflight lists, then ${retrying(audience, about)}`,
    ),
  "watch-refused": ({ said }) =>
    failed(`The cluster refused a watch: ${said}.`, "ask for the rights that crossfade preflight lists"),
  "lease-lost": ({ holder }) =>
    failed(
      `The lease was lost: ${holder === null ? "it was deleted" : `${holder === "" ? "no engine" : holder} holds it now`}.`,
      "start crossfade again to watch, or to take over",
    ),
  "lease-not-ours": () =>
    failed(
      "This run is no longer ours: its lease was lost.",
      "crossfade shows who runs it now, and takes over when the lease is free",
    ),
  "no-engine-listens": () =>
    failed("No engine of this cluster listens to other terminals.", "crossfade status says where the run is"),
  "namespace-made-by-others": ({ label }) =>
    failed(
      "namespace crossfade was made by another user, which the plan that was agreed to does not say: nothing was written",
      `see who may write in it: kubectl -n crossfade get rolebindings -o wide; plan again to have it in the plan or, for a run that is under way, kubectl label --overwrite namespace crossfade ${label}`,
    ),
};

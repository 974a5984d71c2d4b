import { counted, someOf } from "../../engine/model/some-of.ts";
import { failureIn } from "../failure-in.ts";
import type { NoteSayersOf } from "./note-sayers.ts";

const ofGonePods = (gone: number): string =>
  gone === 0 ? "" : `, besides ${counted(gone, "refusal")} of pods that are gone by now`;

const iso = (at: number) => new Date(at).toISOString();

/** What is told of a run as a whole: who has it, what was asked of it, and what its engine does by itself. */
export const runNotes: NoteSayersOf<
  | "plain"
  | "run-taken-up"
  | "lease-awaited"
  | "plan-agreed"
  | "agreement-not-kept"
  | "consent-not-kept"
  | "record-overwritten"
  | "earlier-record-removed"
  | "earlier-cordon-removed"
  | "request-refused"
  | "requests-dropped"
  | "restart-declared"
  | "run-released"
  | "failed"
  | "pod-mtu"
  | "pod-mtus-differ"
  | "pod-mtus-proven"
  | "pod-mtus-other"
  | "enforcement-not-wanted"
  | "no-policies"
  | "policies-enforced"
  | "no-policy-drops"
  | "policy-drops-explained"
  | "drops-consented"
> = {
  "enforcement-not-wanted": () =>
    "your values file has policyEnforcementMode never: no policy is enforced, after the migration either",
  "no-policies": ({ mode }) =>
    `there is no policy to enforce; the agents run with policyEnforcementMode ${mode}, so one that is created now holds at once`,
  "policies-enforced": ({ mode }) => `policies are enforced on every node: policyEnforcementMode ${mode}`,
  "no-policy-drops": ({ seconds, gone }) => `no connection was refused by a policy in ${seconds} s${ofGonePods(gone)}`,
  "policy-drops-explained": ({ count, seconds, gone, connections, more }) =>
    `${counted(count, "connection")} refused by policies in ${seconds} s, each as its policy says: ${connections.join("; ")}${more > 0 ? ` and ${more} more` : ""}${ofGonePods(gone)}`,
  "drops-consented": () => "a person consented to go on although connections are refused that no policy explains",
  plain: ({ text }) => text,
  "pod-mtu": ({ mtu, source }) => `pods on ${source} have MTU ${mtu} on every node`,
  "pod-mtus-proven": ({ mtu, nodes }) =>
    `pods have MTU ${mtu} on ${nodes === 1 ? "the node" : `all ${nodes} nodes`} now that the old CNI's devices are gone, and packets of full size pass between nodes`,
  "pod-mtus-other": ({ wanted, nodes }) =>
    `pods should have MTU ${wanted} now that the old CNI's devices are gone, and have another on ${someOf(nodes, 5)}: packets of full size pass, and a restart of Cilium's agent there sets it`,
  "pod-mtus-differ": ({ least, most, source, nodes }) =>
    `pods on ${source} have MTU ${least} on ${someOf(nodes, 5)} and up to ${most} elsewhere: set MTU in your values file to that of the smallest network, or large packets between these nodes may be lost on Cilium`,
  "run-taken-up": ({ startedAt }) => `going on with the run of ${iso(startedAt)}, as the cluster records it`,
  "lease-awaited": ({ until, oddTermSeconds }) => {
    const odd =
      oddTermSeconds === null
        ? ""
        : `; it names a term of ${oddTermSeconds} s, which no runner writes, and is not believed`;
    return `waits until ${iso(until)} for the last runner's lease to expire: it was not released, and its holder may only be slow${odd}`;
  },
  "plan-agreed": ({ by, hash }) => `${by} agreed on this machine to plan ${hash}`,
  "agreement-not-kept": ({ why }) => `what was agreed to could not be kept, and is asked for again next time: ${why}`,
  "consent-not-kept": ({ why }) => `this consent could not be kept on this machine: ${why}`,
  "record-overwritten": ({ found }, audience, say) =>
    `${say(found, audience).text} This engine, which runs the run, has written what it knows over it.`,
  "earlier-record-removed": ({ failure }, audience, say) =>
    `${say(failure.reason, audience).text} A new run begins, so it is removed from the node`,
  "earlier-cordon-removed": ({ node }) =>
    `${node} was left cordoned by an engine of an earlier run: it takes pods again`,
  "request-refused": ({ by, ask, refused }, audience, say) => `${by} asked to ${ask}: ${say(refused, audience).text}`,
  "requests-dropped": ({ count }) =>
    `${counted(count, "request")} in ConfigMap crossfade/observers dropped unread: too many at once, unanswered for a minute, or malformed`,
  "restart-declared": ({ by, node }) => `${by} says that ${node} was restarted`,
  "run-released": ({ by }) => `${by} asks for the run and gets it`,
  failed: ({ failure }, audience, say) => failureIn(say, failure, audience, null).message,
};

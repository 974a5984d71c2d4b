import type { NoteParamsOf } from "../../engine/model/notes/note.ts";
import type { Reason } from "../../engine/model/reason.ts";
import { counted } from "../../engine/model/some-of.ts";
import type { Audience } from "../audience.ts";
import type { Say } from "../said.ts";
import type { NoteSayersOf } from "./note-sayers.ts";

interface LeftBy {
  readonly holder: string | null;
  readonly heardAgoMs: number | null;
}

interface GoesOn {
  readonly next: string;
  readonly of: string;
  readonly waitsFor: Reason | null;
}

function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours}h${minutes}m`;
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}

/** An engine that is not heard of any more may be dead or cut off: which of the two cannot be told from here. */
function leftBy({ holder, heardAgoMs }: LeftBy): string {
  if (holder === null) return "by an engine that released the lease";
  return `by an engine last heard of ${ago(heardAgoMs ?? 0)} ago (${holder})`;
}

const nexts: Readonly<Record<string, (of: string) => string>> = {
  "run-step": (step) => `going on with step ${step}`,
  "move-node": (node) => `going on with ${node}`,
  "retry-node": (node) => `trying ${node} again`,
  "rollback-node": (node) => `rolling ${node} back`,
  "defer-node": (node) => `deferring ${node}, which is not Ready`,
  ask: (consent) => `it waits for the consent "${consent}"`,
  "stand-still": () => "it pauses here",
  wait: () => "it waits",
  finish: (outcome) => `the run is done: it ends as ${outcome}`,
};

function goesOn({ next, of, waitsFor }: GoesOn, audience: Audience, say: Say): string {
  const told = nexts[next]?.(of) ?? `${next} ${of}`;
  return waitsFor === null ? told : `${told} for ${say(waitsFor, audience).text}`;
}

const conditions: Readonly<Record<string, string>> = {
  gone: "gone from the cluster",
  cordoned: "cordoned",
  uncordoned: "not cordoned",
  drained: "drained",
  "half-drained": "half drained",
  labelled: "labelled for Cilium",
  rebooted: "rebooted since",
  "not-ready": "not Ready",
  "rolling-back": "being rolled back",
};

function nodeFound({ node, step, seen, podsLeft, ...left }: NoteParamsOf["node-found"]): string {
  const parts = [
    ...seen.map((one) => conditions[one] ?? one),
    ...(podsLeft === null ? [] : [`${counted(podsLeft, "pod")} still to leave`]),
  ];
  return `found: ${[`${node} ${parts.join(", ")}`, `left ${leftBy(left)}`].join(", ")}; going on at step ${step}`;
}

/** How a run is found that is taken up again. */
export const foundWords: NoteSayersOf<"node-found" | "step-found" | "run-found"> = {
  "node-found": nodeFound,
  "step-found": ({ step, release, ...rest }, audience, say) => {
    const helm = release === null ? "" : `, its Helm release ${release}`;
    return `found: step ${step} begun and not done${helm}, left ${leftBy(rest)}; ${goesOn(rest, audience, say)}`;
  },
  "run-found": ({ migrated, nodes, deferred, ...rest }, audience, say) => {
    const half =
      deferred.length > 0 ? `${deferred.join(", ")} deferred in its rollback` : "none in the middle of a move";
    return `found: ${migrated} of ${nodes} nodes migrated and ${half}, left ${leftBy(rest)}; ${goesOn(rest, audience, say)}`;
  },
};

import type { endings } from "../engine/model/reasons/endings.ts";
import type { Said, SayersOf } from "./said.ts";

/** A whole sentence; nothing is waited for. */
const ended = (text: string): Said => ({ text, clearedBy: "" });

const onCilium = "every node is on Cilium";
const onOldCni = "every node is on its old CNI again";
const before = (at: number) => `the run had ended already, at ${new Date(at).toISOString()}`;
const othersGoOn = "the run is paused, and crossfade resume goes on with the others";

/** How a run ended. Read where no engine runs any more: whoever reads it has commands, in the panel too. */
export const endingWordsOf: SayersOf<keyof typeof endings> = {
  "every-node-migrated": () => ended(onCilium),
  "every-node-rolled-back": () => ended(onOldCni),
  "migrated-before": ({ at }) => ended(`${before(at)}: ${onCilium}`),
  "rolled-back-before": ({ at }) => ended(`${before(at)}: ${onOldCni}`),
  "engine-stopped": (_none, _audience, { whole }) =>
    ended(
      `stopped where it was; ${whole.actions.includes("resume") ? "crossfade resume" : "the same command"} goes on from here`,
    ),
  "only-node-rolled-back": ({ node }) =>
    ended(`${node} is on its old CNI again; ${othersGoOn}, crossfade include ${node} with all of them`),
  "only-node-gone": ({ node }) => ended(`${node} is not in the cluster any more; ${othersGoOn}`),
  "begun-elsewhere": ({ holder }) => ended(`${holder ?? "another engine"} has begun a run on this cluster meanwhile`),
  "lease-released": ({ to }) => ended(`${to} takes it over`),
  "ended-paused": () => ended("paused; crossfade resume, or the same command, goes on"),
  "consent-not-given": ({ consent }, _audience, { whole }) =>
    ended(
      `waits for a person's consent: ${whole.actions.includes("consent") ? "crossfade resume" : "crossfade migrate --headless"} --consent ${consent} gives it`,
    ),
};

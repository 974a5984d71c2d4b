import type { AskedAgreement } from "../../engine/model/plan/asked-agreement.ts";
import { failed, type Said, type SayersOf } from "../said.ts";

const unagreedPlan = (hash: string, consents: readonly string[]): string => {
  const given = consents.length === 0 ? "" : ` (consents on record: ${consents.join(", ")})`;
  return `the recorded run, plan ${hash.slice(0, 12)}, was not agreed to on this machine${given}`;
};

const unagreedConsents = (consents: readonly string[]): string =>
  `the recorded run has consents that were not given on this machine: ${consents.join(", ")}`;

/** In one sentence: why a record is not acted on yet. */
export function agreementSentence({ hash, isNew, consents }: AskedAgreement): string {
  const given = consents.map(({ consent, by }) => `"${consent}" by ${by}`);
  return isNew ? unagreedPlan(hash, given) : unagreedConsents(given);
}

const notAgreed = (sentence: string, hash: string): Said =>
  failed(
    `${sentence}: nothing was done`,
    `read what it would run, above or in crossfade status; the same command with --agree ${hash.slice(0, 12)} goes on (whole hash: ${hash})`,
  );

const drifted = (what: string): Said => failed(what, "look at the new plan, then consent again");

const sinceThen = "since this plan was made";

/** Why a run cannot be begun, gone on with or kept. */
export const runFailureWords: SayersOf<
  | "no-run-to-agree-to"
  | "other-plan-agreed"
  | "plan-not-agreed"
  | "consents-not-agreed"
  | "record-of-other-cluster"
  | "record-changed-meanwhile"
  | "record-without-plan"
  | "no-run-under-way"
  | "run-unattended"
  | "run-held"
  | "run-not-ours"
  | "other-run-begun"
  | "namespace-taken"
  | "namespace-no-longer-taken"
  | "cluster-changed"
  | "chart-gone"
  | "chart-changed"
  | "request-refused"
> = {
  "no-run-to-agree-to": ({ hash }) =>
    failed(
      `no run is recorded on this cluster, so --agree ${hash} agrees to nothing`,
      "leave the flag out: a new plan is consented to by --consent nodes",
    ),
  "other-plan-agreed": ({ given, hash }) =>
    failed(
      `--agree ${given} is not the recorded plan, which is ${hash}`,
      "read crossfade status again before you agree to it",
    ),
  "plan-not-agreed": ({ hash, consents }) => notAgreed(unagreedPlan(hash, consents), hash),
  "consents-not-agreed": ({ hash, consents }) => notAgreed(unagreedConsents(consents), hash),
  "record-of-other-cluster": ({ planned, found }) =>
    failed(
      `the recorded run was planned for another cluster: its uid is ${planned}, this one's is ${found}`,
      "check the context; if this cluster was rebuilt, delete ConfigMap crossfade/migration and begin again",
    ),
  "record-changed-meanwhile": () =>
    failed(
      "the recorded run was changed while it was taken up, and what it says now was not agreed to on this machine",
      "crossfade status says what it would run now; start again to agree to that",
    ),
  "record-without-plan": () => failed("a run without a plan cannot be recorded", "start the run again"),
  "no-run-under-way": () =>
    failed(
      "no run is under way on this cluster any more, and none was begun",
      "crossfade status says how the last one ended; crossfade migrate begins a new one",
    ),
  "run-unattended": () =>
    failed("a run is under way on this cluster, and no engine runs it", "crossfade resume goes on with it"),
  "run-held": ({ holder, since }) => {
    const from = since === null ? "" : ` since ${new Date(since).toISOString()}`;
    return failed(
      `the run is held by ${holder ?? "another engine"}${from}`,
      "crossfade watches it; crossfade take-over asks for it; --wait waits for it",
    );
  },
  "run-not-ours": () => failed("the run is not ours any more", "crossfade status says whose it is"),
  "other-run-begun": (_none, { name }) =>
    failed(
      "another engine has begun a run on this cluster meanwhile",
      name === "panel"
        ? "end this one with q, then start crossfade again to go on with theirs"
        : "crossfade shows theirs",
    ),
  "namespace-taken": () =>
    drifted(
      `namespace crossfade was made by another user ${sinceThen}: who may write in it can record a run, ask for pauses and exec into the probe pods`,
    ),
  "namespace-no-longer-taken": () =>
    drifted("namespace crossfade is no longer known to be another user's, as it was when this plan was made"),
  "cluster-changed": () => drifted(`the cluster has changed ${sinceThen}`),
  "chart-gone": ({ chart }) => drifted(`the chart ${chart} can no longer be read`),
  "chart-changed": ({ chart, planned, found }) =>
    drifted(`the chart ${chart} has changed ${sinceThen}: ${planned} was planned, ${found} is there now`),
  "request-refused": ({ refused }, audience, { say }) =>
    failed(`The request was refused: ${say(refused, audience).text}`, "crossfade status says where the run is"),
};

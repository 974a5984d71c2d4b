import { createHash } from "node:crypto";
import type { RunTerms } from "../engine/decide/run-terms.ts";
import { CrossfadeError } from "../engine/model/errors.ts";
import type { EngineEvent } from "../engine/model/events.ts";
import { fold } from "../engine/model/fold.ts";
import { knownSecrets } from "../engine/model/known-secrets.ts";
import type { Plan } from "../engine/model/plan-types.ts";
import type { Ports } from "../engine/model/ports/ports.ts";
import { reason } from "../engine/model/reason.ts";
import { planWithChart } from "../engine/plan/plan.ts";
import type { PlanInput } from "../engine/plan/plan-input.ts";
import { type Engine, startEngine } from "../engine/run/engine.ts";
import { Journal } from "../journal/journal.ts";
import { holderName, whoWeAre } from "./holder.ts";

/** What the caller decides of a run; the rest is wired here. */
export interface RunChoice {
  readonly input: PlanInput;
  readonly consents: RunTerms["consents"];
  readonly agreements: RunTerms["agreements"];
  readonly agree?: NonNullable<RunTerms["agree"]>;
  readonly checkRecord?: NonNullable<RunTerms["checkRecord"]>;
  readonly attended: boolean;
  readonly rollback?: NonNullable<RunTerms["rollback"]>;
  readonly firstRequest?: NonNullable<RunTerms["firstRequest"]>;
  readonly newRunOnly?: boolean;
  readonly recordedRunOnly?: boolean;
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Starts an engine on these ports, with its journal: every event is on disk before anybody hears it. */
export function startRun(
  ports: Ports,
  journalFile: string,
  choice: RunChoice,
  emit: (event: EngineEvent) => void,
): Engine & { readonly journal: Journal } {
  const journal = new Journal(journalFile);
  journal.open();
  const news: EngineEvent[] = [];
  const tell = (event: EngineEvent) => {
    journal.append(event);
    for (const note of journal.takeNews()) {
      const said: EngineEvent = { type: "log", at: event.at, level: "warning", node: null, note };
      news.push(said);
      emit(said);
    }
    emit(event.type === "run-finished" && journal.missing > 0 ? withGap(event, journal) : event);
  };
  const terms: RunTerms = {
    consents: choice.consents,
    by: whoWeAre(),
    holder: holderName(),
    attended: choice.attended,
    agreements: choice.agreements,
    ...(choice.agree === undefined ? {} : { agree: choice.agree }),
    ...(choice.checkRecord === undefined ? {} : { checkRecord: choice.checkRecord }),
    makePlan: async (facts, signal) => {
      const sources = { charts: ports.charts, signal, now: () => ports.clock.now(), hash: sha256 };
      return withoutCredentials(await planWithChart(facts, choice.input, sources));
    },
    ...(choice.rollback === undefined ? {} : { rollback: choice.rollback }),
    ...(choice.firstRequest === undefined ? {} : { firstRequest: choice.firstRequest }),
    ...(choice.newRunOnly === undefined ? {} : { newRunOnly: choice.newRunOnly }),
    ...(choice.recordedRunOnly === undefined ? {} : { recordedRunOnly: choice.recordedRunOnly }),
  };
  const engine = startEngine(ports, terms, tell);
  // Whoever attaches later is told of the journal too, of which the engine itself knows nothing.
  return { ...engine, state: () => news.reduce(fold, engine.state()), journal };
}

/** A plan is recorded as it was hashed, word for word, where whoever may read the record finds it. */
function withoutCredentials(plan: Plan): Plan {
  const text = JSON.stringify(plan);
  if (knownSecrets.hideInDocument(text) === text) return plan;
  throw new CrossfadeError("VALUES_REFUSED", reason("plan-holds-credential", {}));
}

const withGap = (event: Extract<EngineEvent, { type: "run-finished" }>, { path, missing }: Journal): EngineEvent => ({
  ...event,
  lacks: { journal: path, missing },
});

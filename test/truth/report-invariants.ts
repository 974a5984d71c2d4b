import type { EngineEvent } from "../../src/engine/model/events.ts";
import type { MigrationState } from "../../src/engine/model/state.ts";
import type { Speakers } from "./shown.ts";
import type { Truth } from "./truth.ts";

/** What `crossfade report` makes of the journal, held against the state that the same events made and against the truth. */
export function reportUntruths(
  by: Speakers,
  events: readonly EngineEvent[],
  run: MigrationState,
  truth: Truth,
): readonly string[] {
  if (run.plan === null) return [];
  const lines = by.report(events);
  const text = lines.join("\n");
  const wrong: string[] = [];
  if (truth.outcome !== null && /: doing\b/.test(text)) wrong.push(`a step is "doing" after ${truth.outcome}`);
  if (truth.outcome !== null && !text.includes(`outcome: ${truth.outcome}`))
    wrong.push(`outcome is not ${truth.outcome}`);
  for (const [name, phase] of truth.phases)
    if (!lines.some((line) => line.startsWith(`  ${name}: ${phase}`))) wrong.push(`${name} is not told as ${phase}`);
  const given = new Set(events.flatMap((event) => (event.type === "consent-given" ? [event.consent] : [])));
  for (const consent of given)
    if (!text.includes(`gave consent "${consent}"`)) wrong.push(`no word of the consent "${consent}"`);
  return wrong;
}

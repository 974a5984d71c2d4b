import { savedSource } from "../cleaning/saved-source.ts";
import { inBrief, isPassing } from "../model/errors.ts";
import { note } from "../model/notes/note.ts";
import { done, type Observation, waiting } from "../model/observation.ts";
import type { RunScope, RunStep } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";

interface Saving {
  /** Null before the first try; `why` is null once they are kept. */
  last: { readonly at: number; readonly folder: string; readonly why: string | null } | null;
}

const saving = remembered((): Saving => ({ last: null }));

/** A full disk is not emptied within a pass, and each try reads every object again. */
const triedAgainMs = 30_000;

/** Reads what will be deleted and has it kept; a kind that may not be read is a reason like a full disk. */
async function save({ ports, plan, removal, log }: RunScope): Promise<Saving["last"]> {
  const at = ports.clock.now();
  try {
    const files = await savedSource({ removed: removal.objects, read: {} }, ports.objects);
    const kept = ports.archive.keep(plan.hash, files);
    const objects = Object.values(files).reduce((sum, all) => sum + all.length, 0);
    if (kept.why === null) log("info", note("source-saved", { folder: kept.folder, objects }));
    return { at, ...kept };
  } catch (thrown) {
    if (isPassing(thrown)) throw thrown;
    return { at, folder: "", why: inBrief(thrown) };
  }
}

/** Keeps what is about to be deleted: past the next step it is nowhere else. */
export const saveSource: RunStep = {
  id: "save-source",
  consent: "remove-source",
  timeoutMs: 10 * 60_000,
  observe({ ports, memory, log }): Promise<Observation> {
    const known = memory.of(saving);
    if (ports.archive.isUnwanted) {
      log("warning", note("source-not-saved", {}));
      return Promise.resolve({ done: true, note: "not saved, as asked for" });
    }
    const { last } = known;
    if (last === null) return Promise.resolve(waiting("source-unsaved", {}));
    if (last.why === null) return Promise.resolve({ ...done, note: `saved in ${last.folder}` });
    const { folder, why } = last;
    return Promise.resolve(waiting("source-not-saved", { folder, why }, { clearedBy: "person" }));
  },
  async apply(scope) {
    const known = scope.memory.of(saving);
    const { last } = known;
    const isEarly = last !== null && scope.ports.clock.now() - last.at < triedAgainMs;
    if (scope.ports.archive.isUnwanted || last?.why === null || isEarly) return;
    known.last = await save(scope);
  },
  rollback: "nothing-to-roll-back",
};

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { retriable } from "../src/engine/model/failed-node.ts";
import { nodeSteps, rollbackNodeSteps, type StepId } from "../src/engine/model/node-state.ts";
import type { Plan, RunStepId } from "../src/engine/model/plan-types.ts";
import type { AnyStep } from "../src/engine/model/step.ts";
import { rollbackSteps } from "../src/engine/rollback-steps/rollback-steps.ts";
import {
  rollbackAfterNodes,
  rollbackBeforeNodes,
  stepsAfterNodes,
  stepsBeforeNodes,
} from "../src/engine/run-steps/run-steps.ts";
import { steps } from "../src/engine/steps/steps.ts";
import { nodeStepTitles, runStepTitles, withSource } from "../src/words/step-titles.ts";

const engine = new URL("../src/engine/", import.meta.url);

const intro = `# Steps

Made from \`src/engine/{steps,run-steps,rollback-steps}/\` by \`node scripts/generate-steps.ts\`; do not edit.

A step observes the cluster first. It is done when the cluster shows the result, not when a command has returned. Until then it acts
once, says what it waits for, and observes again at the next change. So a step can be repeated, and an interrupted run continues where
the cluster stands. The ids in the first column are recorded on the cluster and printed in every event.

*At most* is how long a step may wait before it fails and asks for a person. The time does not count while the API server
does not answer, or while only a person can clear the reason. A \`--drain-timeout\` or \`--reboot-timeout\` of 0 waits forever.

*By itself* marks steps that \`--retries\` repeats without a person: a new attempt can help and does no harm.

A source CNI may have steps of its own, before Cilium is installed and verified, before and after each node, before and after its
removal. Their ids have a slash (\`calico/pin-addresses\`). The plan shows what they change, and \`crossfade status\` their state. Flannel has none.
`;

const sections: readonly { readonly title: string; readonly about: string; readonly list: readonly AnyStep[] }[] = [
  {
    title: "Before the first node",
    about: "Begins with the consent `nodes`. Before that consent nothing is written to the cluster.",
    list: stepsBeforeNodes,
  },
  {
    title: "Each node, one at a time",
    about:
      "The next node begins when the one before it is through. A pause takes hold between nodes, or in precheck, cordon, drain and soak.",
    list: steps,
  },
  {
    title: "After the last node",
    about: "Begins only when every node is migrated.",
    list: stepsAfterNodes,
  },
  {
    title: "Rollback of one node",
    about:
      "From any step of the migration. Ends with the node as it was: one that its owner had cordoned stays cordoned.",
    list: rollbackSteps,
  },
  {
    title: "Rollback of the whole run, before the nodes",
    about: "Only when the final values were given to Cilium already.",
    list: rollbackBeforeNodes,
  },
  {
    title: "Rollback of the whole run, after the nodes",
    about: "Once every node is rolled back; the last one migrated is rolled back first.",
    list: rollbackAfterNodes,
  },
];

/** Step id → the sentence above its definition; a step without one is left out. */
function reasons(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const folder of ["steps/", "run-steps/", "rollback-steps/"]) {
    for (const name of readdirSync(new URL(folder, engine))) {
      const text = readFileSync(new URL(folder + name, engine), "utf8");
      const definitions = text.matchAll(
        /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n(?:export )?const \w+: (?:Rollback)?(?:Run)?Step = \{\s+id: "([^"]+)"/g,
      );
      for (const [, comment = "", id = ""] of definitions) {
        const sentence = comment
          .replace(/^\s*\* ?/gm, "")
          .replace(/\s+/g, " ")
          .trim();
        found.set(id, sentence);
      }
    }
  }
  return found;
}

function duration(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`;
}

/** A limit that follows from the plan is told by the flag that it follows from. */
function limit({ timeoutMs }: AnyStep): string {
  if (typeof timeoutMs === "number") return duration(timeoutMs);
  const at = (drainTimeoutMs: number, soakMs: number, rebootTimeoutMs = 0) =>
    timeoutMs({ options: { drainTimeoutMs, soakMs, rebootTimeoutMs } } as Plan);
  const base = at(0, 0);
  const flags = [
    at(1, 0) > base ? "`--drain-timeout`" : "",
    at(0, 1) > base ? "`--soak`" : "",
    at(0, 0, 1) > base ? "`--reboot-timeout`" : "",
  ];
  return [...flags.filter((flag) => flag !== ""), ...(base > 0 ? [duration(base)] : [])].join(" + ");
}

function wayBack(step: AnyStep): string {
  if (!("rollback" in step)) return "";
  if (step.rollback === "point-of-no-return") return "**none: the point of no return**";
  return step.rollback === "nothing-to-roll-back"
    ? "nothing to roll back"
    : step.rollback.map((id) => `\`${id}\``).join(", ");
}

/** After which failures it is begun again without a person. */
function byItself({ id }: AnyStep): string {
  const after = id in retriable ? retriable[id as keyof typeof retriable] : undefined;
  if (after === undefined) return "";
  return after === "passing" ? "yes" : `after ${after.map((code) => `\`${code}\``).join(", ")}`;
}

const ofNode: readonly string[] = [...nodeSteps, ...rollbackNodeSteps];

/** "Cordon — keeps new pods away": the field's term first. */
export function titleOf({ id }: AnyStep): string {
  const { title, purpose } = ofNode.includes(id) ? nodeStepTitles(id as StepId) : runStepTitles(id as RunStepId);
  return withSource(`${title} — ${purpose}`, "the old CNI");
}

function table(list: readonly AnyStep[], why: ReadonlyMap<string, string>): readonly string[] {
  const isForward = list.some((step) => "rollback" in step);
  const heads = ["step", "title", "note", "at most", "by itself", ...(isForward ? ["rollback"] : [])];
  const rows = list.map((step) => {
    const consent = "consent" in step && step.consent !== undefined ? `Asks for the consent \`${step.consent}\`.` : "";
    const note = [consent, why.get(step.id) ?? ""].filter((part) => part !== "").join(" ");
    return [`\`${step.id}\``, titleOf(step), note, limit(step), byItself(step), ...(isForward ? [wayBack(step)] : [])];
  });
  return [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

/** docs/steps.md, from the lists of steps. */
export function stepsPage(): string {
  const why = reasons();
  const parts = sections.map(({ title, about, list }) =>
    ["", `## ${title}`, "", about, "", ...table(list, why), ""].join("\n"),
  );
  return [intro.trimEnd(), "\n", ...parts].join("");
}

if (import.meta.main) writeFileSync(new URL("../docs/steps.md", import.meta.url), stepsPage());

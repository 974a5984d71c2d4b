import { stepInto } from "../serve/step-into.ts";

type Step = (value: unknown) => readonly unknown[];

/**
 * Compiles the simple JSONPath that additionalPrinterColumns may use: `.a.b`, `['a.b']`, `[0]`, `[*]`,
 * `[?(@.type=="Ready")].status`. A path outside that finds nothing, as a wrong path does on a real server.
 */
export function compileJsonPath(path: string): (object: unknown) => readonly unknown[] {
  const steps = parseSteps(path.replace(/^\{(.*)\}$/, "$1"));
  if (!steps) return () => [];
  return (object) => steps.reduce<readonly unknown[]>((values, step) => values.flatMap(step), [object]);
}

const pieces =
  /\.((?:[^.[\\]|\\.)+)|\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\[(-?\d+)\]|(\[\*\]|\.\*)|\[\?\(\s*@((?:\.[\w-]+)+)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))\s*\)\]/y;

function parseSteps(path: string): Step[] | null {
  const steps: Step[] = [];
  pieces.lastIndex = 0;
  while (pieces.lastIndex < path.length) {
    const match = pieces.exec(path);
    if (!match) return null;
    steps.push(toStep(match));
  }
  return steps;
}

function toStep(match: RegExpExecArray): Step {
  const [, word, quoted, index, all, field] = match;
  if (all !== undefined || word === "*") return everything;
  if (index !== undefined) return (value) => (Array.isArray(value) ? present(value.at(Number(index))) : []);
  if (field !== undefined) return filter(match);
  const key = (word ?? quoted ?? "").replace(/\\(.)/g, "$1");
  return (value) => present(stepInto(value, [key]));
}

function filter(match: RegExpExecArray): Step {
  const path = (match[5] ?? "").slice(1).split(".");
  const wanted = match[7] ?? match[8] ?? match[9] ?? "";
  const equal = match[6] === "==";
  return (value) => everything(value).filter((item) => (String(stepInto(item, path)) === wanted) === equal);
}

function everything(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value && typeof value === "object" ? Object.values(value) : [];
}

const present = (value: unknown): readonly unknown[] => (value === undefined || value === null ? [] : [value]);

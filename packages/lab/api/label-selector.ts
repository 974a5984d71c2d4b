import { badRequest } from "../store/api-error.ts";

/** Labels of an object, or a field selector's view of one. */
export type Labels = Readonly<Record<string, string>> | undefined;

/** True for objects that a list or watch should hold. */
export type LabelMatch = (labels: Labels) => boolean;

/** Parses `a=b,c!=d,e in (f,g),h notin (i),j,!k` by kubectl's grammar; null when there is nothing to select. */
export function parseLabelSelector(text: string): LabelMatch | null {
  const requirements = splitRequirements(text).map(parseRequirement);
  if (requirements.length === 0) return null;
  return (labels) => requirements.every((matches) => matches(labels ?? {}));
}

/** Commas inside brackets belong to a set. */
function splitRequirements(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    const letter = text[at];
    if (letter === "(") depth++;
    else if (letter === ")") depth--;
    if (at < text.length && (letter !== "," || depth > 0)) continue;
    parts.push(text.slice(from, at).trim());
    from = at + 1;
  }
  if (depth !== 0) throw unparsable(text);
  return parts.filter((part, index) => part !== "" || (index > 0 && index < parts.length - 1));
}

const key = "([A-Za-z0-9][-A-Za-z0-9_./]*)";
const exists = new RegExp(`^(!?)\\s*${key}$`);
const equality = new RegExp(`^${key}\\s*(=|==|!=)\\s*([-A-Za-z0-9_.]*)$`);
const inSet = new RegExp(`^${key}\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const order = new RegExp(`^${key}\\s*(<|>)\\s*(-?\\d+)$`);

type Requirement = (labels: Readonly<Record<string, string>>) => boolean;

function parseRequirement(text: string): Requirement {
  const parsed = parseSet(text) ?? parseEquality(text) ?? parseOrder(text);
  if (parsed) return parsed;
  const [, not, name] = exists.exec(text) ?? [];
  if (name === undefined) throw unparsable(text);
  return not ? (labels) => !Object.hasOwn(labels, name) : (labels) => Object.hasOwn(labels, name);
}

function parseEquality(text: string): Requirement | null {
  const [, name, operator, wanted] = equality.exec(text) ?? [];
  if (name === undefined) return null;
  return operator === "!=" ? (labels) => labels[name] !== wanted : (labels) => labels[name] === wanted;
}

function parseSet(text: string): Requirement | null {
  const [, name, operator, list] = inSet.exec(text) ?? [];
  if (name === undefined) return null;
  const values = new Set((list ?? "").split(",").map((value) => value.trim()));
  if (operator === "in") return (labels) => Object.hasOwn(labels, name) && values.has(labels[name] ?? "");
  return (labels) => !Object.hasOwn(labels, name) || !values.has(labels[name] ?? "");
}

function parseOrder(text: string): Requirement | null {
  const [, name, operator, bound] = order.exec(text) ?? [];
  if (name === undefined) return null;
  const limit = Number(bound);
  return (labels) => {
    const value = Object.hasOwn(labels, name) ? Number(labels[name]) : Number.NaN;
    return operator === "<" ? value < limit : value > limit;
  };
}

const unparsable = (text: string) => badRequest(`unable to parse requirement: found '${text}', which is no selector`);

import {
  type ClearedBy,
  type Code,
  clearedBys,
  type Reason,
  reason,
  reasonParams,
} from "../../src/engine/model/reason.ts";
import type { ParamKind } from "../../src/engine/model/reasons/param-kind.ts";
import { aFailure } from "../support/said.ts";

/** A fact of each kind that can be found again in a sentence. */
export const sampleOf: Readonly<Record<ParamKind, (name: string) => unknown>> = {
  text: (name) => `<${name}>`,
  "text?": (name) => `<${name}>`,
  texts: (name) => [`<${name}>`],
  number: () => 4_711,
  "number?": () => 4_711,
  time: () => Date.UTC(2026, 10, 30, 12, 34, 56),
  "time?": () => Date.UTC(2026, 10, 30, 12, 34, 56),
  budgets: (name) => [{ name: `<${name}>`, allowed: 101, pods: 102, needs: 103, has: 104 }],
  "trouble?": (name) => ({
    pod: `<${name} pod>`,
    unmade: null,
    namespace: `<${name} namespace>`,
    why: `<${name} why>`,
    restarts: 4_711,
    lastFailure: `<${name} failure>`,
    more: 42,
    cause: "quota",
    named: `<${name} quota>`,
  }),
  failed: (name) => aFailure("BLOCKED", `<${name} message>`, `<${name} remedy>`),
  undrainable: (name) => [{ pod: `<${name}>`, why: "emptydir", volumes: ["<volume>"] }],
  cnis: (name) => [{ name: `<${name}>`, daemonSets: ["<set>"], nodes: ["<a node>"], more: 4_711 }],
  reason: () => reason("node-excluded", { node: "<within>" }),
};

/** What must be found of it. */
export const tracesOf: Readonly<Record<ParamKind, (name: string) => readonly string[]>> = {
  text: (name) => [`<${name}>`],
  "text?": (name) => [`<${name}>`],
  texts: (name) => [`<${name}>`],
  number: () => ["4711"],
  "number?": () => ["4711"],
  time: () => ["12:34:56"],
  "time?": () => ["12:34:56"],
  budgets: (name) => [`<${name}>`, "101", "102", "103", "104"],
  "trouble?": (name) => [`<${name} pod>`, `<${name} why>`, "4711 restarts", `<${name} failure>`, "42 more"],
  reason: () => [],
  failed: (name) => [`<${name} message>`],
  undrainable: (name) => [`<${name}>`, "<volume>"],
  cnis: (name) => [`<${name}>`, "<set>", "<a node>", "4711"],
};

export interface Sample {
  readonly code: Code;
  readonly traces: readonly string[];
  readonly reason: Reason;
}

export const codes = Object.keys(reasonParams) as readonly Code[];

const kindsOf = (code: Code) => Object.entries(reasonParams[code]) as readonly (readonly [string, ParamKind])[];

/** The code with a fact of each kind, cleared by whomever. */
function sample(code: Code, clearedBy: ClearedBy): Sample {
  const params = Object.fromEntries(kindsOf(code).map(([name, kind]) => [name, sampleOf[kind](name)]));
  const traces = kindsOf(code).flatMap(([name, kind]) => tracesOf[kind](name));
  return { code, traces, reason: reason(code, params as never, { clearedBy }) };
}

/** Nothing of that kind, where there may be nothing. */
export function emptyOf(kind: ParamKind, name: string): unknown {
  if (kind.endsWith("?")) return null;
  if (["texts", "budgets", "undrainable", "cnis"].includes(kind)) return [];
  if (kind === "number") return 0;
  return kind === "text" ? "" : sampleOf[kind](name);
}

/** The same with nothing where there may be nothing. */
export function bare(code: Code): Reason {
  return reason(code, Object.fromEntries(kindsOf(code).map(([name, kind]) => [name, emptyOf(kind, name)])) as never);
}

export const samples: readonly Sample[] = codes.flatMap((code) => clearedBys.map((by) => sample(code, by)));

import { describe, expect, test } from "vitest";
import type { Act, View } from "../../../src/engine/decide/act.ts";
import { decide } from "../../../src/engine/decide/decide.ts";
import { type RunStory, run } from "../panel/run-state.ts";
import { said } from "../said.ts";

const told = (act: Act): string => {
  switch (act.do) {
    case "run-step":
      return `do ${act.step}`;
    case "move-node":
      return `move ${act.node}`;
    case "retry-node":
      return `retry ${act.node} (${act.retry})`;
    case "rollback-node":
      return `undo ${act.node}`;
    case "defer-node":
      return `set ${act.node} aside`;
    case "ask":
      return `ask ${act.consent}`;
    case "stand-still":
      return "stand still";
    case "wait":
      return `wait ${said(act.reason).needsPerson ? "for a person" : "for the cluster"}: ${said(act.reason).because}`;
    case "finish":
      return `finish ${act.outcome}`;
    default:
      return act satisfies never;
  }
};

export const viewOf = (story: RunStory, notReady: readonly string[] = []): View =>
  new Map(story.state.order.map((name) => [name, { ready: !notReady.includes(name) }]));

/** [what is so, the story, what is done; a trailing … compares the beginning only] */
export type Row = readonly [string, RunStory, string, (readonly string[])?];

export const three = () => run("a", "b", "c");
export const ready = () => three().ready();
export const allMoved = () => ready().migrated("a", "b", "c");
export const upgraded = () => allMoved().consented("finalize").finished("upgrade");
export const checked = () => upgraded().finished("restart-agents", "restart-operator", "check");
export const final = () => checked().finished("enforce-policies", "watch-drops", "remove-node-config");
export const removing = () => final().consented("remove-source");

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** One test a row. */
export function decides(tables: Readonly<Record<string, readonly Row[]>>): void {
  for (const [name, rows] of Object.entries(tables)) {
    describe(`decide: ${name}`, () => {
      test.each(rows.map((row) => [row[0], row] as const))("%s", (_sentence, [, story, expected, notReady]) => {
        const { act } = decide(story.state, viewOf(story, notReady));
        if (expected.endsWith("…")) expect(told(act)).toMatch(new RegExp(`^${literally(expected.slice(0, -1))}`));
        else expect(told(act)).toBe(expected);
      });
    });
  }
}

import { expect, test } from "vitest";
import { reason } from "../../src/engine/model/reason.ts";
import { failures } from "../../src/engine/model/reasons/failures.ts";
import { findings } from "../../src/engine/model/reasons/findings.ts";
import { waits } from "../../src/engine/model/reasons/waits.ts";
import { reasonSchema } from "../../src/kube/records/reason-schema.ts";
import { wrongIn } from "../../src/kube/records/schema-parts.ts";
import { lines, panel } from "../../src/words/audience.ts";
import { explain, explainFailure } from "../../src/words/explain.ts";
import { namesKey } from "../support/names-key.ts";
import { bare, codes, samples } from "./sample-reasons.ts";

const all = (said: ReturnType<typeof explain>) => `${said.text} — ${said.clearedBy} — ${said.remedy ?? ""}`;

test.each(samples)("$code keeps every fact, for every audience", ({ reason, traces }) => {
  for (const audience of [panel, lines]) {
    const said = all(explain(reason, audience));
    // A node's own row and dialog say which it is.
    const kept = audience === panel ? traces.filter((trace) => trace !== "<node>") : traces;
    for (const trace of kept) expect(said).toContain(trace);
    expect(said).not.toMatch(/undefined|null|NaN|\[object|Invalid/);
  }
});

test.each(codes)("%s is a sentence where nothing more is known", (code) => {
  for (const audience of [panel, lines]) {
    expect(all(explain(bare(code), audience))).not.toMatch(/undefined|null|NaN|\[object|\(\)|, ,/);
  }
});

test.each(samples)("whoever reads lines is not told to press a key: $code", ({ reason }) => {
  expect(all(explain(reason, lines))).not.toMatch(namesKey);
});

test.each(samples)("$code is of the shape that a record must have", ({ reason }) => {
  expect(wrongIn(reasonSchema, JSON.parse(JSON.stringify(reason)), "reason")).toBeNull();
});

test("a step that was out of time says what it waited for, and what to do about that", () => {
  const waitsFor = samples.find(({ code }) => code === "kubelet-silent")?.reason;
  if (!waitsFor) throw new Error("no such code");
  const failure = { reason: reason("step-timed-out", { step: "reboot", node: "w", waitsFor }) };
  expect(explainFailure(failure, lines, "w")).toEqual({
    message: '"reboot" on w still waits for <node> to come back: its kubelet is silent since 12:34:56 UTC',
    remedy:
      "power <node> on and run crossfade retry <node>, or run crossfade skip <node> to move the others meanwhile; once it is gone for good: kubectl delete node <node>, and the run lets it go",
  });
});

test("no code stands in two lists: the later one would hide the other", () => {
  const own = [waits, failures, findings].flatMap((list) => Object.keys(list));
  expect(own.filter((code, index) => own.indexOf(code) !== index)).toEqual([]);
});

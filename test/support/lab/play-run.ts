import { setTimeout as wait } from "node:timers/promises";
import type { EngineEvent } from "../../../src/engine/model/events.ts";
import { nodeSteps } from "../../../src/engine/model/node-state.ts";
import type { Consent } from "../../../src/engine/model/plan-types.ts";
import { reason } from "../../../src/engine/model/reason.ts";
import { seen } from "../a-node.ts";
import { logEvent } from "../log-line.ts";
import type { FakeLink } from "../panel/fake-link.ts";
import { scores } from "../panel/scores.ts";

const stepMs = 700;

async function consent(link: FakeLink, which: Consent): Promise<void> {
  link.emit({ type: "consent-asked", at: Date.now(), consent: which });
  while (!link.state.consents[which]) await wait(100);
}

async function untilRunning(link: FakeLink): Promise<void> {
  while (link.state.pace !== "running") await wait(100);
}

async function moveNode(link: FakeLink, node: string, octet: number): Promise<void> {
  for (const step of nodeSteps) {
    await untilRunning(link);
    const say = (event: EngineEvent) => link.emit(event);
    say({ type: "node-step-started", node, at: Date.now(), step });
    say(logEvent(`${step} begins`, { at: Date.now(), node }));
    await wait(stepMs);
    say({ type: "node-step-finished", node, at: Date.now(), step, tookMs: stepMs, note: "" });
    if (step === "drain") say({ type: "node-seen", node, at: Date.now(), snapshot: seen("both", octet) });
    const sent = scores.map((score) => ({ ...score, sent: score.sent + (Math.floor(Date.now() / 200) % 1000) }));
    say({ type: "connectivity", at: Date.now(), scores: sent });
  }
  link.emit({ type: "node-migrated", node, at: Date.now() });
  link.emit({ type: "node-seen", node, at: Date.now(), snapshot: seen("cilium", octet) });
}

async function play(link: FakeLink): Promise<void> {
  await consent(link, "nodes");
  link.emit({ type: "run-step-started", at: Date.now(), step: "nodes" });
  for (const [index, node] of link.state.order.entries()) {
    if (link.state.nodes[node]?.state.phase === "queued") await moveNode(link, node, index + 1);
  }
  link.emit({ type: "run-step-finished", at: Date.now(), step: "nodes", tookMs: 1, note: "" });
  await consent(link, "finalize");
  await consent(link, "remove-source");
  link.emit({ type: "run-finished", at: Date.now(), outcome: "migrated", reason: reason("every-node-migrated", {}) });
}

/** Plays a run from its announcement to its end, at a pace that a person can follow. */
export function playRun(link: FakeLink): void {
  play(link).catch((error: unknown) => link.breakOff(String(error)));
}

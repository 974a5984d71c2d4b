import { renameSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { showPanel } from "../../../src/commands/processes/show-panel.tsx";
import type { EngineEvent, EngineRequest, NodeSnapshot } from "../../../src/engine/model/events.ts";
import type { Reason } from "../../../src/engine/model/reason.ts";
import { playRun } from "../lab/play-run.ts";
import { logEvent } from "../log-line.ts";
import { fakeLink } from "./fake-link.ts";
import { type StateName, states } from "./states.ts";

/** A program for pty tests, and to look at the panel by hand: the real panel on a run that is only played. */
const { values } = parseArgs({
  options: {
    state: { type: "string", default: "draining-held" },
    play: { type: "boolean", default: false },
    storm: { type: "boolean", default: false },
    report: { type: "string" },
    "crash-after": { type: "string" },
    /** Ends itself after so many tenths of a second. */
    "end-after": { type: "string" },
  },
});

function react(request: EngineRequest, emit: (event: EngineEvent) => void): Reason | null {
  const at = Date.now();
  switch (request.request) {
    case "pause":
      emit({ type: "pace-changed", at, pace: "paused", by: request.by, takesHoldAt: "" });
      return null;
    case "resume":
      emit({ type: "pace-changed", at, pace: "running", by: request.by, takesHoldAt: "" });
      return null;
    case "consent":
      emit({ type: "consent-given", at, consent: request.consent, by: request.by });
      return null;
    case "exclude":
      for (const node of request.nodes) emit({ type: "node-excluded", node, at, because: `excluded by ${request.by}` });
      return null;
    case "include":
      for (const node of request.nodes) emit({ type: "node-queued", node, at });
      return null;
    case "rollback":
      emit({ type: "node-rollback-step-started", node: request.node, at, step: "rollback-cordon" });
      return null;
    case "agree":
    case "retry":
    case "skip":
    case "rollback-all":
    case "rebooted":
    case "when-left":
    case "release-run":
    case "stop":
      return null;
    default:
      return request satisfies never;
  }
}

const link = fakeLink(states[values.state as StateName](), react);
let ticks = 0;
const timers = [
  setInterval(() => {
    ticks += 1;
    if (ticks === Number(values["end-after"])) process.kill(process.pid, "SIGTERM");
  }, 100),
];
if (values.play) playRun(link);
if (values.storm) {
  timers.push(setInterval(() => link.emit(logEvent(`tick ${Date.now()}`, { at: Date.now() })), 20));
}
if (values["crash-after"] !== undefined) {
  const seen = { pods: null, files: null } as unknown as NodeSnapshot;
  setTimeout(
    () => link.emit({ type: "node-seen", at: 0, node: "worker-1", snapshot: seen }),
    Number(values["crash-after"]),
  );
}

try {
  const end = await showPanel({
    link,
    terminal: process,
    env: process.env,
    cluster: "prod-eu",
    user: "ada@bastion",
  });
  if (values.report !== undefined) {
    // Whoever waits for it finds it whole or not at all.
    writeFileSync(`${values.report}.part`, JSON.stringify({ end, asked: link.asked }));
    renameSync(`${values.report}.part`, values.report);
  }
  if (end.reason !== "terminal-gone") process.stdout.write(`ended: ${JSON.stringify(end)}\n`);
} catch (error) {
  process.stderr.write(`the panel crashed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  for (const timer of timers) clearInterval(timer);
}

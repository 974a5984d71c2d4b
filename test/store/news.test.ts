import { expect, test } from "vitest";
import type { EngineEvent } from "../../src/engine/model/events.ts";
import { fold } from "../../src/engine/model/fold.ts";
import { withNews } from "../../src/store/news.ts";
import { now, states } from "../support/panel/states.ts";
import { aFailure } from "../support/said.ts";

const failure = aFailure("VERIFY_FAILED", "12 probes were lost", "r retries");

const table: readonly (readonly [event: EngineEvent, line: string | null])[] = [
  [
    { type: "node-step-finished", at: now, node: "worker-2", step: "drain", tookMs: 34_000, note: "7 pods" },
    "worker-2: Drain: done in 34s: 7 pods",
  ],
  [
    { type: "node-failed", at: now, node: "worker-2", step: "verify", failure },
    "worker-2: Verify: 12 probes were lost",
  ],
  [{ type: "run-step-started", at: now, step: "remove-source" }, "removing Flannel"],
  [{ type: "consent-given", at: now, consent: "finalize", by: "bob@laptop" }, "consent given by bob@laptop: finalize"],
  [{ type: "pace-changed", at: now, pace: "paused", by: "bob", takesHoldAt: "" }, "paused, asked by bob"],
  [{ type: "node-queued", at: now, node: "worker-3" }, null],
  [{ type: "node-queued", at: now, node: "worker-4" }, "worker-4: taken in"],
  [{ type: "node-held", at: now, node: "worker-2", hold: null }, null],
  [{ type: "link-changed", at: now, link: { state: "live", since: now, detail: "" } }, null],
  [
    { type: "link-changed", at: now, link: { state: "stale", since: now, detail: "refused" } },
    "the API server: stale: refused",
  ],
  [
    { type: "leftovers", at: now, node: "worker-1", of: "source", left: [], unseen: [], looked: ["links", "routes"] },
    "worker-1: nothing of the old CNI is left in links, routes",
  ],
  [
    {
      type: "leftovers",
      at: now,
      node: "worker-1",
      of: "source",
      left: ["link cni0: until its next restart"],
      unseen: ["/run/flannel: no pod of ours runs on the node"],
      looked: ["links"],
    },
    "worker-1: left of the old CNI: link cni0: until its next restart; not looked at: /run/flannel: no pod of ours runs on the node",
  ],
];

for (const [event, line] of table) {
  test(`${event.type} ${line === null ? "is no news" : `reads: ${line}`}`, () => {
    const before = states["rolling-back"]();
    const [news] = withNews([], event, before, fold(before, event));
    expect(news ? `${news.node === null ? "" : `${news.node}: `}${news.text}` : null).toBe(line);
  });
}

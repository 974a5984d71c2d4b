import { expect, test } from "vitest";
import type { Discovery } from "../../../src/kube/objects/discovery.ts";
import { kubeWorkloads } from "../../../src/kube/ports/workloads.ts";
import type { Watches } from "../../../src/kube/watch/watch.ts";
import { clientOf } from "../support/client-of.ts";
import { FakeServer, json } from "../support/fake-server.ts";

interface Told {
  readonly reason: string;
  readonly about: string;
  /** Time of day. */
  readonly at: string;
  readonly message?: string;
}

const quota: Told = { reason: "FailedCreate", about: "web", at: "10:00:00", message: "Error creating: no quota" };

const eventOf = ({ about, at, ...rest }: Told) => ({
  metadata: { name: "e" },
  involvedObject: { name: about },
  lastTimestamp: `2026-11-30T${at}Z`,
  ...rest,
});

/** What is said of why no pod of "web" is made, with these events in its namespace. */
async function said(events: readonly Told[]): Promise<string | null> {
  await using server = await FakeServer.start(({ query }, response) => {
    const reason = query.get("fieldSelector")?.replace("reason=", "");
    const items = events.filter((one) => one.reason === reason).map(eventOf);
    json(response, 200, { kind: "EventList", metadata: {}, items });
  });
  return await kubeWorkloads(clientOf(server.url), {} as Watches, {} as Discovery).failedCreate("shop", "web");
}

test.each<[string, readonly Told[], string | null]>([
  ["nothing is known", [], null],
  ["the newest refusal", [quota, { ...quota, at: "10:01:00", message: "Error creating: PodSecurity" }], "PodSecurity"],
  ["one of its ReplicaSet", [{ ...quota, about: "web-5f7d9c8b4" }], "no quota"],
  ["one of another workload", [{ ...quota, about: "website" }], null],
  [
    "one that is over: a pod was made since",
    [quota, { reason: "SuccessfulCreate", about: "web", at: "10:05:00" }],
    null,
  ],
  [
    "one that came after the last pod was made",
    [quota, { reason: "SuccessfulCreate", about: "web", at: "09:59:00" }],
    "no quota",
  ],
  [
    "a pod of another workload was made since",
    [quota, { reason: "SuccessfulCreate", about: "x", at: "11:00:00" }],
    "no quota",
  ],
])("why no pod of a workload is made: %s", async (_what, events, wanted) => {
  expect(await said(events)).toBe(wanted);
});

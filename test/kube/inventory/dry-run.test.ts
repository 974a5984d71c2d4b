import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { dryRunWrites } from "../../../src/kube/inventory/dry-run.ts";
import { aNode } from "../../support/facts.ts";
import { clientOf } from "../support/client-of.ts";
import { FakeServer } from "../support/fake-server.ts";

const refusal = (status: number, reason: string, message: string) => ({
  kind: "Status",
  apiVersion: "v1",
  status: "Failure",
  code: status,
  reason,
  message,
});

function say(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function tryAll(
  ownNamespace: "missing" | "ours",
  answerTo: (path: string) => readonly [status: number, body: unknown],
) {
  await using server = await FakeServer.start(({ path }, response) => say(response, ...answerTo(path)));
  const client = clientOf(server.url);
  const facts = { nodes: [aNode("worker-1")], ownNamespace };
  const { signal } = new AbortController();
  const found = await dryRunWrites(client, facts, { ciliumNamespace: "kube-system", signal });
  await client.close();
  return { found, seen: server.seen };
}

const kept = () => [201, { metadata: { name: "x" } }] as const;

test("every request says dryRun=All, and none would do harm without it", async () => {
  for (const ownNamespace of ["missing", "ours"] as const) {
    const { found, seen } = await tryAll(ownNamespace, kept);
    expect(found.length).toBe(ownNamespace === "ours" ? 6 : 3);
    for (const { query } of seen) expect(query.getAll("dryRun")).toEqual(["All"]);
    expect(found.every(({ answer }) => answer === "accepted")).toBe(true);
    const pods = seen.filter(({ body }) => body.includes('"privileged":true'));
    for (const { body } of pods) expect(body).toContain('"nodeSelector":{"crossfade/dry-run":"never"}');
    const [node] = seen.filter(({ path }) => path === "/api/v1/nodes/worker-1");
    expect(JSON.parse(node?.body ?? "")).toEqual({
      metadata: { labels: { "cni-crossfade/dry-run": "true" } },
      spec: { unschedulable: null },
    });
  }
});

test.each([
  ["a webhook's refusal", 403, "Forbidden", 'admission webhook "a.b" denied the request: no', "refused"],
  [
    "PodSecurity",
    403,
    "Forbidden",
    'pods "x" is forbidden: violates PodSecurity "baseline:latest": privileged',
    "refused",
  ],
  [
    "a webhook that is down",
    500,
    "InternalError",
    'Internal error occurred: failed calling webhook "a.b": EOF',
    "refused",
  ],
  ["a right that is missing", 403, "Forbidden", 'User "u" cannot create resource "daemonsets"', "unknown"],
  ["a webhook that cannot be tried", 400, "BadRequest", 'admission webhook "a.b" does not support dry run', "unknown"],
  ["an object of that name", 409, "AlreadyExists", 'daemonsets "crossfade-dry-run" already exists', "accepted"],
  ["an object that is not valid", 422, "Invalid", 'DaemonSet "x" is invalid: spec', "refused"],
])("%s", async (...[, status, reason, message, answer]) => {
  const { found } = await tryAll("missing", (path) =>
    path.includes("daemonsets") ? [status, refusal(status, reason, message)] : kept(),
  );
  const own = found.find(({ kind }) => kind === "DaemonSet");
  expect(own).toMatchObject({ namespace: "kube-system", answer });
  if (answer !== "accepted") expect(own?.message).toContain(message.replace("Internal error occurred: ", ""));
});

import { expect, test } from "vitest";
import { nodeFacts } from "../../../src/kube/inventory/node-facts.ts";
import { kubeRebooter } from "../../../src/kube/nodes/rebooter.ts";
import { clientOf } from "../support/client-of.ts";
import { FakeServer, json } from "../support/fake-server.ts";

const node = (bootID: string) => ({ metadata: { name: "n1" }, status: { nodeInfo: { bootID } } });
const { signal } = new AbortController();

test.each([
  ["as it is known", "boot-1", 1],
  ["newer than it is known", "boot-2", 0],
])("a reboot is asked for where the node's boot is %s", async (_what, boot, pods) => {
  await using server = await FakeServer.start((seen, response) =>
    json(response, 200, seen.path === "/api/v1/nodes/n1" ? node(boot) : { metadata: { name: "x" } }),
  );
  const client = clientOf(server.url);
  const known = nodeFacts(node("boot-1"));
  await kubeRebooter(client, {}).reboot(known, { method: "privileged-pod", image: "busybox" }, signal);
  expect(server.seen.filter(({ method, path }) => method === "POST" && path.endsWith("/pods")).length).toBe(pods);
  await client.close();
});

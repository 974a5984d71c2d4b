import { ApiError } from "crossfade-lab/store/api-error.ts";
import { afterEach, expect, test } from "vitest";
import { World } from "../../support/lab/lab-run.ts";

let world: World;
afterEach(() => world.close());

const said = 'admission webhook "keep.example" denied the request: not today';
const denied = () => new ApiError(500, "", said);

test("a webhook that denies our own writes is told as what it is, in a step and in a record, and asked again", async () => {
  world = await World.make({ seed: 53 });
  const refused = { nodes: true, agents: true };
  world.lab.refuse(({ method, path }) => {
    const isNode = refused.nodes && method === "PATCH" && path === "/api/v1/nodes/worker-1";
    const isAgent =
      refused.agents && method === "DELETE" && path.startsWith("/api/v1/namespaces/kube-system/pods/cilium-");
    return isNode || isAgent ? { refusal: denied() } : null;
  });
  const run = world.start({
    consents: ["nodes"],
    input: { exclude: ["worker-2", "control-plane-1"], reboot: { method: "none" } },
  });
  const holds = () => [...run.of("run-held"), ...run.of("node-held")].flatMap(({ hold }) => (hold ? [hold] : []));
  const refusals = () =>
    holds().filter(({ reason }) => reason.code === "admission-denied" && reason.params.said === said);
  await run.until("the record of worker-1 to be refused", () => refusals().length > 0);
  refused.nodes = false;
  const held = refusals().length;
  await run.until("the agent's deletion to be refused", () => refusals().length > held);
  expect(refusals().at(-1)?.reason.params).toMatchObject({ by: 'admission webhook "keep.example"' });
  refused.agents = false;
  await run.until("worker-1 to be moved", ({ nodes }) => nodes["worker-1"]?.state.phase === "migrated");
  expect(holds().filter(({ reason }) => reason.code === "api-unavailable")).toEqual([]);
});

import { afterEach, expect, test } from "vitest";
import type { PodObject } from "../../cni/kinds.ts";
import { bank } from "../../scenarios/policies/policies.ts";
import { type CiliumLab, ciliumLab } from "../support/cilium-lab.ts";

let world: CiliumLab;
afterEach(async () => {
  await world.stop();
  expect(world.faults).toEqual([]);
});

const pod = (app: string) => {
  const found = world.lab.store.list<PodObject>("pods", bank).find(({ metadata }) => metadata.labels?.["app"] === app);
  if (!found?.status?.podIP) throw new Error(`${app} does not run`);
  return found;
};
const runs = (app: string) =>
  world.lab.store
    .list<PodObject>("pods", bank)
    .some(({ metadata, status }) => metadata.labels?.["app"] === app && status?.phase === "Running");
const asks = (from: string, port: number) =>
  world.lab.network.fromPod(pod(from), { ip: pod("accounts").status?.podIP ?? "", port, protocol: "tcp" }).ok;

async function begin(source: string): Promise<void> {
  world = await ciliumLab({ nodes: 3, source, scenario: "network-policies" });
  await world.until("all of it to run", () => ["accounts", "teller", "passer-by"].every(runs));
  await world.clock.advance(10_000);
}

test("on Calico the scenario's policies hold: friends at their port and range, nobody else", async () => {
  await begin("calico-manifest");
  expect([asks("teller", 8080), asks("teller", 9090), asks("passer-by", 8080), asks("passer-by", 9090)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(world.lab.store.list("crd.projectcalico.org/globalnetworkpolicies")).toHaveLength(1);
});

test("Flannel enforces none of them", async () => {
  await begin("flannel");
  expect([asks("teller", 8080), asks("passer-by", 8080)]).toEqual([true, true]);
});

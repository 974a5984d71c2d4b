import { afterAll, beforeAll, expect, test } from "vitest";
import { commandLine } from "../support/command-line.ts";
import { World } from "../support/lab/lab-run.ts";

let world: World;

const crossfade = (...argv: readonly string[]) =>
  commandLine({ ...(world.environment() as Record<string, string>), HOME: "/nonexistent" }, ...argv);

const ours = (kind: string, name: string, spec: object, namespace?: string) => ({
  apiVersion: "crd.projectcalico.org/v1",
  kind,
  metadata: { name, labels: { host: "yes" }, ...(namespace === undefined ? {} : { namespace }) },
  spec,
});

beforeAll(async () => {
  world = await World.make({ seed: 73, source: "calico-manifest" });
  const { store } = world.lab;
  const friends = { action: "Allow", protocol: "TCP", source: { selector: "role == 'friend'" } };
  store.create(
    "crd.projectcalico.org/networkpolicies",
    ours("NetworkPolicy", "friends", { selector: "all()", ingress: [friends] }, "default"),
  );
  const hosts = { selector: "has(host)", types: ["Ingress"], ingress: [{ action: "Allow", protocol: "TCP" }] };
  store.create("crd.projectcalico.org/globalnetworkpolicies", ours("GlobalNetworkPolicy", "hosts", hosts));
  store.create(
    "crd.projectcalico.org/hostendpoints",
    ours("HostEndpoint", "worker-1-eth0", {
      node: "worker-1",
      interfaceName: "eth0",
      profiles: ["projectcalico-default-allow"],
    }),
  );
});

afterAll(() => world.close());

test("its own policies are listed, with a draft or the reason why there is none", async () => {
  const { code, out } = await crossfade("policies", "convert");
  expect(code).toBe(0);
  expect(out).toContain("kind: CiliumNetworkPolicy");
  expect(out).toContain("# no draft of globalnetworkpolicies.crd.projectcalico.org hosts:");
});

test("a host policy that drops the tunnel blocks, by the names of both", async () => {
  const { code, out } = await crossfade("preflight");
  expect(code).toBe(4);
  expect(out).toMatch(/BLOCKER .*UDP 8472 in.*worker-1-eth0 on worker-1 \(hosts\)/);
});

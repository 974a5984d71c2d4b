import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { commandLine } from "../support/command-line.ts";
import { World } from "../support/lab/lab-run.ts";
import { tellWrites } from "../support/lab/told-writes.ts";

let world: World;
const writes: string[] = [];

const crossfade = (...argv: readonly string[]) =>
  commandLine({ ...(world.environment() as Record<string, string>), HOME: "/nonexistent" }, ...argv);

beforeAll(async () => {
  world = await World.make({ seed: 72, ...tellWrites(writes) });
  world.lab.store.create("networking.k8s.io/networkpolicies", {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "from-anywhere", namespace: "default" },
    spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }] },
  });
});

beforeEach(() => {
  writes.length = 0;
});

afterAll(() => world.close());

test.each([
  [["policies"], 0, "changes      networkpolicies.networking.k8s.io default/from-anywhere"],
  [["policies", "explain", "from-anywhere"], 0, "covers pod addresses"],
  [["policies", "list", "--json"], 0, '"code": "block-covers-pods"'],
])("crossfade %j looks and writes nothing", async (argv, expected, said) => {
  const { code, out } = await crossfade(...argv);
  expect({ code, writes: writes.filter((one) => !/access?reviews/i.test(one)) }).toEqual({
    code: expected,
    writes: [],
  });
  expect(out).toContain(said);
});

test.each([
  [["policies", "explain", "no-such"], "there is no policy no-such"],
  [["policies", "enact"], "policies has no enact"],
])("crossfade %j is refused in a sentence", async (argv, said) => {
  const { code, err } = await crossfade(...argv);
  expect(code).toBe(2);
  expect(err).toContain(said);
});

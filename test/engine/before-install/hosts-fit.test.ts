import { expect, test } from "vitest";
import { hostsFit, nudgeLookers } from "../../../src/engine/before-install/hosts-fit.ts";
import type { Datagrams, HostLook, Looker } from "../../../src/engine/model/ports/lookers.ts";
import type { RunScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { aNode } from "../../support/facts.ts";
import { aPlan } from "../../support/panel/a-plan.ts";
import { said } from "../../support/said.ts";

const fine: HostLook = {
  card: { name: "eth0", mtu: 1_500 },
  links: ["lo", "eth0"],
  forwards: true,
  rpFilter: 0,
  modulesMissing: [],
};

interface Situation {
  readonly looks?: Readonly<Record<string, Partial<HostLook>>>;
  readonly mtu?: number;
  /** What the network lets through; all where it is not given. */
  readonly passes?: (from: string, to: string, bytes: number) => boolean;
  /** Nodes whose command cannot send. */
  readonly mute?: readonly string[];
}

const nodes = ["a", "b", "c"];
const addressOf = (node: string) => `10.0.0.${nodes.indexOf(node) + 1}`;

/** Three nodes whose pods come when they are started, and go when they are stopped. */
function standing({ looks = {}, mtu, passes = () => true, mute = [] }: Situation = {}) {
  const logged: (readonly [string, string, object])[] = [];
  const sizes = new Set<number>();
  let present: readonly Looker[] = [];
  const plan = aPlan(nodes);
  const scope = {
    ports: {
      nodes: { list: () => Promise.resolve(nodes.map((name) => aNode(name, { internalIps: [addressOf(name)] }))) },
      pods: { list: () => Promise.resolve([]) },
      workloads: { failedCreate: () => Promise.resolve(null) },
      lookers: {
        list: () => Promise.resolve(present),
        start: () => {
          present = nodes.map((node) => ({
            node,
            ref: { namespace: "crossfade", name: node, uid: node },
            ready: true,
          }));
          return Promise.resolve();
        },
        stop: () => {
          present = [];
          return Promise.resolve();
        },
        look: ({ node }: Looker) => Promise.resolve({ ...fine, ...looks[node] }),
        answering: ({ node }: Looker, { to, bytes }: Datagrams) => {
          sizes.add(bytes);
          if (mute.includes(node)) return Promise.resolve(null);
          const names = nodes.filter((name) => to.includes(addressOf(name)) && passes(node, name, bytes));
          return Promise.resolve(new Set(names.map(addressOf)));
        },
      },
    },
    plan: { ...plan, values: { ...plan.values, initial: mtu === undefined ? {} : { MTU: mtu } } },
    memory: new StepMemory(),
    log: (level: string, { code, params }: { code: string; params: object }) => logged.push([level, code, params]),
    signal: new AbortController().signal,
  } as unknown as RunScope;
  return {
    logged,
    sizes,
    present: () => present.length,
    /** Looks and nudges until it is done, or somebody has to act. */
    async play() {
      for (let turn = 0; turn < 6; turn += 1) {
        const seen = await hostsFit(scope, nodes);
        if (seen.done) return null;
        if (seen.reason.clearedBy === "person") return seen.reason;
        await nudgeLookers(scope);
      }
      throw new Error("it goes on for ever");
    },
  };
}

const becauseOf = async (situation: Situation) => {
  const why = await standing(situation).play();
  return why === null ? "" : said(why).because;
};

test("nodes that are fit: it is told by how much, and whoever looked is gone, since Cilium needs the port", async () => {
  const world = standing();
  expect(await world.play()).toBeNull();
  expect(world.present()).toBe(0);
  expect([...world.sizes]).toEqual([1_500]);
  expect(world.logged.map(([level, code, params]) => [level, code, params])).toEqual([
    ["info", "card-mtu", { mtu: 1_500 }],
    ["info", "tunnel-port-open", { port: 8473, bytes: 1_500, nodes: 3 }],
  ]);
});

test("a port that is blocked one way is named with the pair, before anything is installed", async () => {
  const because = await becauseOf({ passes: (from, to) => !(from === "a" && to === "b") });
  expect(because).toMatch(/UDP 8473.*a → b \(nothing is installed yet\)/);
  expect(because).not.toContain("b → a");
});

test("a hole for large packets is told from a blocked port, with the size", async () => {
  const because = await becauseOf({ passes: (from, to, bytes) => from === to || bytes < 1_400 });
  expect(because).toMatch(
    /packets of 1500 bytes to pass between nodes on UDP 8473, as small ones do: a → b; a → c; b → c and 3 more/,
  );
});

test("a datagram that is lost once is no finding", async () => {
  let lost = false;
  const once = () => {
    if (lost) return true;
    lost = true;
    return false;
  };
  expect(await becauseOf({ passes: (from, to) => from !== "a" || to !== "b" || once() })).toBe("");
});

test("a port that something else has on a node is that node's trouble, not its peers'", async () => {
  expect(await becauseOf({ passes: (_from, to) => to !== "c" })).toMatch(
    /UDP 8473.*to be free on c: another program has it/,
  );
});

test("where no node hears even itself the means are at fault: it is told, and nothing is held up", async () => {
  const world = standing({ passes: () => false });
  expect(await world.play()).toBeNull();
  expect(world.logged.at(-1)?.slice(0, 2)).toEqual(["warning", "tunnel-not-tried"]);
});

test("a tunnel of Cilium's that is there already is no stranger: that node is left to the tunnel's own proof", async () => {
  const looks = { c: { links: ["eth0", "cilium_vxlan"] } };
  expect(await becauseOf({ looks, passes: (_from, to) => to !== "c" })).toBe("");
});

test("missing modules and a card that is smaller than the given MTU are named by node", async () => {
  expect(await becauseOf({ looks: { b: { modulesMissing: ["vxlan"] } } })).toMatch(/kernel modules.*b: vxlan/);
  expect(await becauseOf({ mtu: 9_000, looks: { b: { card: { name: "ens5", mtu: 9_001 } } } })).toMatch(
    /MTU of your values, 9000: a \(eth0: 1500\); c \(eth0: 1500\) do not/,
  );
});

test("what stops nothing is told once: cards that differ, strict reverse paths, what could not be read or sent", async () => {
  const world = standing({
    looks: {
      a: { card: { name: "eth0", mtu: 9_001 } },
      b: { rpFilter: 1, forwards: false },
      c: { modulesMissing: null },
    },
    mute: ["c"],
  });
  expect(await world.play()).toBeNull();
  expect(world.logged.map(([level, code]) => [level, code])).toEqual([
    ["warning", "card-mtus-differ"],
    ["warning", "rp-filter-strict"],
    ["warning", "forwarding-off"],
    ["warning", "hosts-not-told"],
    ["warning", "tunnel-not-tried"],
    ["info", "tunnel-port-open"],
  ]);
});

test("a smaller MTU in the values is the size that is tried", async () => {
  const world = standing({ mtu: 1_400, looks: { a: { card: { name: "eth0", mtu: 9_001 } } } });
  expect(await world.play()).toBeNull();
  expect([...world.sizes]).toEqual([1_400]);
  expect(world.logged[0]?.[1]).toBe("card-mtus-covered");
});

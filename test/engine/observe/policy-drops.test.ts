import { expect, test } from "vitest";
import type { PolicyVerdict } from "../../../src/engine/model/policies/policy-verdict.ts";
import { watchDrops, watchedMs } from "../../../src/engine/observe/policies/policy-drops.ts";

const names = (count: number) => Array.from({ length: count }, (_, index) => `node-${index}`);

const verdictOn = (node: string): PolicyVerdict => ({
  node,
  direction: "ingress",
  action: "denied",
  protocol: "TCP",
  source: { ip: "10.245.2.8", port: 40_000 },
  destination: { ip: "10.245.1.7", port: 80 },
  otherIdentity: 4711,
});

interface Given {
  /** Nodes on which each look finds more packets dropped than the one before. */
  readonly dropping?: readonly string[];
  /** Of these, those whose agent tells whose; all of them where nothing is said. */
  readonly telling?: readonly string[];
}

function cluster(nodes: readonly string[], { dropping = [], telling = dropping }: Given) {
  const looks = new Map<string, number>();
  const listened: string[] = [];
  let asking = 0;
  let mostAsked = 0;
  let hearing = 0;
  let mostHeard = 0;
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const slept: number[] = [];
  const cilium = {
    async policyDrops(node: string) {
      asking += 1;
      mostAsked = Math.max(mostAsked, asking);
      await turn();
      asking -= 1;
      looks.set(node, (looks.get(node) ?? 0) + 1);
      return dropping.includes(node) ? (looks.get(node) ?? 0) : 3;
    },
    async policyVerdicts(node: string) {
      hearing += 1;
      mostHeard = Math.max(mostHeard, hearing);
      listened.push(node);
      await turn();
      hearing -= 1;
      return telling.includes(node) ? [verdictOn(node)] : [];
    },
  };
  const clock = {
    now: () => 0,
    sleep(ms: number) {
      slept.push(ms);
      return Promise.resolve();
    },
  };
  const watching = { nodes, signal: new AbortController().signal, ports: { cilium, clock } };
  const seen = () => watchDrops(watching as unknown as Parameters<typeof watchDrops>[0]);
  return { seen, listened, slept, most: () => ({ mostAsked, mostHeard }) };
}

test("of a few nodes each is listened to, for half a minute", async () => {
  const { seen, listened, slept } = cluster(names(3), { dropping: ["node-1"] });
  expect(await seen()).toEqual({ verdicts: [verdictOn("node-1")], unheard: [] });
  expect(listened).toEqual(names(3));
  expect(slept).toEqual([watchedMs]);
});

test("of many only those whose counter grew, and never all at once", async () => {
  const { seen, listened, most } = cluster(names(100), { dropping: ["node-7", "node-70"] });
  expect(await seen()).toEqual({ verdicts: [verdictOn("node-7"), verdictOn("node-70")], unheard: [] });
  expect(listened).toEqual(["node-7", "node-70"]);
  expect(most()).toEqual({ mostAsked: 16, mostHeard: 2 });
});

test("a node that drops and tells nothing is listened to once more, and named", async () => {
  const { seen, listened } = cluster(names(2), { dropping: ["node-1"], telling: [] });
  expect(await seen()).toEqual({ verdicts: [], unheard: ["node-1"] });
  expect(listened).toEqual(["node-0", "node-1", "node-1"]);
});

test("more than can be heard at once are named unheard", async () => {
  const { seen, listened, most } = cluster(names(40), { dropping: names(40) });
  const { verdicts, unheard } = await seen();
  expect([verdicts.length, listened.length, most().mostHeard]).toEqual([32, 32, 32]);
  expect(unheard).toEqual(names(40).slice(32));
});

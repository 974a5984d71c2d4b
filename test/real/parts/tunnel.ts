import { begins, type EngineProcess } from "../engine-process.ts";
import { dropLarge, dropTunnel, healNetwork } from "../network-faults.ts";
import type { Part } from "../part.ts";
import type { TestBed } from "../test-bed.ts";

/** How long a break may stay unnamed. */
const noticeMs = 120_000;

const names = (pair: readonly string[]) => (text: string) => pair.every((node) => text.includes(node));

/** Whether the run says that it waits, naming both nodes. */
async function isNamed(engine: EngineProcess, pair: readonly string[], from: number): Promise<boolean> {
  const fits = names(pair);
  const event = await engine
    .until("both nodes to be named", (told) => /held|failed|log/.test(told.type) && fits(JSON.stringify(told)), {
      limitMs: noticeMs,
      from,
    })
    .catch(() => null);
  return event !== null;
}

const cordoned = async (bed: TestBed): Promise<string> =>
  bed.kubectl("get", "nodes", "-o", "jsonpath={.items[?(@.spec.unschedulable==true)].metadata.name}");

type Break = (bed: TestBed, pair: readonly [string, string]) => Promise<void>;

/** Broken before any node moves: the pair is named, and no node is touched. */
async function beforeTheNodes(bed: TestBed, engine: EngineProcess, pair: readonly [string, string]): Promise<void> {
  const { tally } = bed;
  await engine.until(
    "the install's verification",
    (event) => event.type === "run-step-started" && event.step === "prove",
    { from: 0 },
  );
  await engine
    .until(
      "Cilium's agents",
      (event) =>
        event.type === "run-held" &&
        event.hold !== null &&
        /reach|tunnel|overlay|path|packets|blocked/i.test(JSON.stringify(event.hold)),
      { limitMs: 300_000, from: 0 },
    )
    .catch(() => null);
  for (const [what, breakIt] of [
    ["nothing passes", dropTunnel],
    ["no packet above 1,400 bytes passes", dropLarge],
  ] as const satisfies readonly (readonly [string, Break])[]) {
    await healNetwork(bed);
    await breakIt(bed, pair);
    const named = await isNamed(engine, pair, what === "nothing passes" ? 0 : engine.events.length);
    tally.check(
      `before any node moves: where ${what} between ${pair.join(" and ")}, both are named`,
      named,
      engine.last(),
    );
    const { out } = await bed.crossfade(["status"]);
    tally.check(`status names both (${what})`, names(pair)(out) && /wait|held|lost|reach/i.test(out), out);
    tally.check("no node is cordoned", (await cordoned(bed)) === "");
  }
  await healNetwork(bed);
}

/** Broken between two nodes that were moved, while another is in hand: the next is not begun. */
async function amongTheMoved(bed: TestBed, engine: EngineProcess, breakIt: Break, what: string): Promise<void> {
  const { tally } = bed;
  const moved: string[] = [];
  while (moved.length < 2) {
    const done = await engine.until(
      "a node to be moved",
      (event) => event.type === "node-step-started" && event.step === "gate" && !moved.includes(event.node),
      { limitMs: 1_200_000, from: 0 },
    );
    if (done.type === "node-step-started") moved.push(done.node);
  }
  const third = await engine.until(
    "the third node's drain",
    (event) => begins("drain")(event) && "node" in event && !moved.includes(String(event.node)),
    { limitMs: 1_200_000, from: 0 },
  );
  const inHand = third.type === "node-step-started" ? third.node : "";
  const pair = [moved[0] ?? "", moved[1] ?? ""] as const;
  const from = engine.events.length;
  await breakIt(bed, pair);
  tally.check(
    `in mid-run: where ${what} between ${pair.join(" and ")}, both are named`,
    await isNamed(engine, pair, from),
    engine.last(),
  );
  const { out } = await bed.crossfade(["status"]);
  tally.check("status names both", names(pair)(out), out);
  const next = await engine
    .until("another node", (event) => begins("cordon")(event) && "node" in event && event.node !== inHand, {
      limitMs: 180_000,
      from,
    })
    .catch(() => null);
  tally.check(`no node after ${inHand} is begun while it lasts`, next === null, JSON.stringify(next));
  await healNetwork(bed);
}

/** Cilium's tunnel breaks between two nodes. */
const broken = (name: string, breakIt: Break, what: string): Part => ({
  name,
  summary: `${what} between two nodes through Cilium's tunnel: before any node moves, and among the moved`,
  async run(bed) {
    const [one = "", other = ""] = await bed.workers();
    try {
      await dropTunnel(bed, [one, other]);
      const engine = bed.migrate("nodes");
      await beforeTheNodes(bed, engine, [one, other]);
      await amongTheMoved(bed, engine, breakIt, what);
      bed.tally.check(
        "healed, it goes on to the last node (3)",
        (await engine.end(3_600_000)) === 3,
        `${engine.complaints}\n${engine.last()}`,
      );
    } finally {
      await healNetwork(bed);
    }
    await bed.rollBackAll();
  },
});

export const tunnelBlocked = broken("tunnel-blocked", dropTunnel, "nothing passes");
export const largeDropped = broken("large-dropped", dropLarge, "no packet above 1,400 bytes passes");

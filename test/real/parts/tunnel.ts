import { begins, type EngineProcess } from "../engine-process.ts";
import { dropLarge, dropTunnel, healNetwork } from "../network-faults.ts";
import type { Part } from "../part.ts";
import type { TestBed } from "../test-bed.ts";

/** How long a break in mid-run may stay unnamed. */
const noticeMs = 120_000;
/** The same for the proof, which begins by waiting for Cilium's agents. */
const proofMs = 900_000;

type Pair = readonly [one: string, other: string];
type Break = (bed: TestBed, pair: Pair) => Promise<void>;

/** Whether a text names both, and not only nodes whose names begin alike. */
const names = (pair: Pair, text: string): boolean =>
  pair.every((node) => new RegExp(`(?<![\\w-])${node}(?![\\w-])`).test(text));

interface Sought {
  readonly pair: Pair;
  readonly from: number;
  readonly limitMs: number;
  /** From when the seconds count, in epoch milliseconds, once it is over. */
  readonly since: () => Promise<number>;
  readonly when: string;
}

/** The seconds until the run says that it waits, naming both; null where it does not. */
async function namedAfter(engine: EngineProcess, { pair, from, limitMs, since }: Sought): Promise<number | null> {
  const named = await engine
    .until(
      "both nodes to be named",
      (event) =>
        (event.type === "run-held" || event.type === "node-held" || event.type === "path-broken") &&
        names(pair, JSON.stringify(event)),
      { limitMs, from },
    )
    .catch(() => null);
  return named === null ? null : Math.round((named.at - (await since())) / 1_000);
}

/** A list of nodes names everybody: what counts is a line that names both. */
const inOneLine = (pair: Pair, text: string): boolean => text.split("\n").some((line) => names(pair, line));

async function checkNamed(bed: TestBed, engine: EngineProcess, sought: Sought) {
  const { pair, when } = sought;
  const seconds = await namedAfter(engine, sought);
  bed.tally.check(`${when}: ${pair.join(" and ")} are named (after ${seconds} s)`, seconds !== null, engine.last());
  const { out } = await bed.crossfade(["status"]);
  bed.tally.check(`${when}: a line of status names both`, inOneLine(pair, out), out);
  bed.tally.check(`${when}: so does the journal`, inOneLine(pair, bed.journal()));
}

/** When the last of Cilium's agents became Ready. */
async function agentsReadyAt(bed: TestBed): Promise<number> {
  const path = '{.items[*].status.conditions[?(@.type=="Ready")].lastTransitionTime}';
  const times = await bed.kubectl("get", "pods", "-A", "-l", "k8s-app=cilium", "-o", `jsonpath=${path}`);
  return Math.max(...times.trim().split(/\s+/).map(Date.parse));
}

/** Broken before any node moves: the pair is named, and no node is touched. Heals it. */
async function beforeTheNodes(bed: TestBed, pair: Pair, breakIt: Break): Promise<EngineProcess> {
  await breakIt(bed, pair);
  const engine = bed.migrate("nodes");
  const isProve = (event: { readonly type: string; readonly step?: string }) =>
    event.type === "run-step-started" && event.step === "verify-install";
  await engine.until("the install's verification", isProve, { from: 0, limitMs: 900_000 });
  const from = engine.events.length;
  const since = () => agentsReadyAt(bed);
  await checkNamed(bed, engine, { pair, from, since, limitMs: proofMs, when: "before any node moves" });
  const cordoned = await bed.kubectl(
    "get",
    "nodes",
    "-o",
    "jsonpath={.items[?(@.spec.unschedulable==true)].metadata.name}",
  );
  bed.tally.check("no node is cordoned", cordoned === "", cordoned);
  const healedAt = Date.now();
  await healNetwork(bed);
  await engine.until("the first node", begins("cordon"), { from: 0, limitMs: 300_000 });
  bed.tally.say(`   healed, the first node was begun after ${Math.round((Date.now() - healedAt) / 1_000)} s`);
  return engine;
}

/** The node whose step of that name begins next, of those that are none of these. */
async function nextNode(engine: EngineProcess, step: string, others: readonly string[]): Promise<string> {
  const event = await engine.until(
    `another node's ${step}`,
    (told) => begins(step)(told) && "node" in told && !others.includes(String(told.node)),
    { limitMs: 1_800_000, from: 0 },
  );
  return event.type === "node-step-started" ? event.node : "";
}

/** Broken between two that were moved, while a third is in hand: the next is not begun. Heals it. */
async function amongTheMoved(bed: TestBed, engine: EngineProcess, breakIt: Break): Promise<void> {
  const first = await nextNode(engine, "cordon", []);
  const second = await nextNode(engine, "cordon", [first]);
  const inHand = await nextNode(engine, "drain", [first, second]);
  const from = engine.events.length;
  await breakIt(bed, [first, second]);
  const brokenAt = Date.now();
  const since = () => Promise.resolve(brokenAt);
  await checkNamed(bed, engine, { pair: [first, second], from, since, limitMs: noticeMs, when: "in mid-run" });
  const isAnother = (event: { readonly type: string; readonly node?: string | null }) =>
    begins("cordon")(event as never) && event.node !== inHand;
  const next = await engine.until("another node", isAnother, { limitMs: 240_000, from }).catch(() => null);
  bed.tally.check(`no node after ${inHand} is begun while it lasts`, next === null, JSON.stringify(next));
  if (engine.isOver) bed.tally.check("it ends with 3", (await engine.ended) === 3, engine.complaints);
  await healNetwork(bed);
}

/** Cilium's tunnel breaks between two nodes. */
const broken = (name: string, breakIt: Break, what: string): Part => ({
  name,
  summary: `${what} between two nodes through Cilium's tunnel: before any node moves, and among the moved`,
  async run(bed) {
    const [one = "", other = ""] = await bed.workers();
    try {
      let engine = await beforeTheNodes(bed, [one, other], breakIt);
      await amongTheMoved(bed, engine, breakIt);
      // One that needed a person has ended; the same command goes on.
      if (engine.isOver) engine = bed.migrate("nodes");
      const code = await engine.end(3_600_000);
      bed.tally.check("healed, it goes on to the last node (3)", code === 3, `${engine.complaints}\n${engine.last()}`);
      const { nodes } = await bed.status();
      const left = nodes.filter(({ phase }) => phase !== "migrated");
      bed.tally.check("every node is migrated", left.length === 0, JSON.stringify(left));
    } finally {
      await healNetwork(bed);
    }
    await bed.rollBackAll();
  },
});

export const tunnelBlocked = broken("tunnel-blocked", dropTunnel, "nothing passes");
export const largeDropped = broken("large-dropped", dropLarge, "no packet above 1,400 bytes passes");

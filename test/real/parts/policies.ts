import type { Part } from "../part.ts";
import { askAll, makePolicyWorld, type Pair, removePolicyWorld } from "../policy-world.ts";
import type { TestBed } from "../test-bed.ts";

type Expected = (pair: Pair) => boolean;

/** What the policy says. */
const asWritten: Expected = ({ role }) => role === "friend";

/** While nodes move, pods on Cilium are open to everybody; all others are as the policy says. */
const whileMoving: Expected = ({ role, to }) => role === "friend" || to === "cilium";

/** Strangers who get in, and friends who do not. */
async function expectPairs(bed: TestBed, when: string, migrated: readonly string[], expected: Expected): Promise<void> {
  const pairs = await askAll(bed, migrated);
  const wrong = pairs.filter((pair) => pair.answered !== expected(pair));
  const lines = wrong.map(({ label, answered }) => `${label}: ${answered ? "let in" : "refused"}`);
  bed.tally.check(`${when}: each of ${pairs.length} pairs is as said`, wrong.length === 0, lines.join("\n"));
}

async function migrated(bed: TestBed): Promise<readonly string[]> {
  const { nodes } = await bed.status();
  return nodes.filter(({ phase }) => phase === "migrated").map(({ name }) => name);
}

/** What policies try counts while everybody asks everybody, and that it leaves the agents as they were. */
async function expectTrial(bed: TestBed): Promise<void> {
  const all = await migrated(bed);
  let isOver = false;
  const argv = ["policies", "try", "--yes", "--for", "90s", "--json", ...bed.options.flags];
  const trial = bed.crossfade(argv, { limitMs: 900_000 }).finally(() => {
    isOver = true;
  });
  // Whoever asks before the agents listen asks again.
  do await expectPairs(bed, "while policies are tried", all, whileMoving);
  while (!isOver);
  const { code, out, err } = await trial;
  bed.tally.check("policies are tried (0)", code === 0, `${err}\n${out}`);
  const { denied } = JSON.parse(out) as { readonly denied: readonly { readonly other: { readonly name: string } }[] };
  const others = denied.map(({ other }) => other.name);
  const onlyStrangers = others.length > 0 && others.every((name) => /\/stranger-/.test(name));
  bed.tally.check("it counts strangers, and nobody else", onlyStrangers, out);
  await expectPairs(bed, "after policies were tried", all, whileMoving);
}

/** A NetworkPolicy before, between and after: what the plan says of it is what happens. */
export const policies: Part = {
  name: "policies",
  summary:
    "on Calico: every pair of friends, strangers and guarded pods before, with one node moved, and finalized; rolled back",
  onlyByName: true,
  async run(bed) {
    const { tally } = bed;
    await makePolicyWorld(bed);
    try {
      await expectPairs(bed, "before", [], asWritten);
      const preflight = await bed.crossfade(["preflight", ...bed.options.flags]);
      tally.check("preflight names the policy", /from-friends/.test(preflight.out), preflight.out);
      const [first = "", ...others] = await bed.workers();
      const rest = (await bed.nodes()).filter((node) => node !== first);
      const one = bed.migrate("nodes", { exclude: rest });
      tally.check(`${first} is moved (3)`, (await one.end(3_600_000)) === 3, `${one.complaints}\n${one.last()}`);
      await bed.podsReady("with one node moved");
      await expectPairs(bed, "with one node moved", [first], whileMoving);
      for (const node of [...others, ...rest.filter((name) => !others.includes(name))]) {
        const next = bed.start(["include", node, "--consent", "nodes"]);
        tally.check(
          `${node} is moved too (3)`,
          (await next.end(1_800_000)) === 3,
          `${next.complaints}\n${next.last()}`,
        );
      }
      await bed.podsReady("with all nodes moved");
      await expectPairs(bed, "with all nodes moved", await migrated(bed), whileMoving);
      await expectTrial(bed);
      const last = bed.start(["migrate", "--headless", "--consent", "nodes,finalize"]);
      tally.check("it is finalized (3)", (await last.end(1_800_000)) === 3, `${last.complaints}\n${last.last()}`);
      await bed.podsReady("finalized");
      const record = await bed.kubectl(
        "-n",
        "crossfade",
        "get",
        "configmap",
        "migration",
        "-o",
        "jsonpath={.data.state}",
      );
      const { stepsDone } = JSON.parse(record) as { readonly stepsDone: Readonly<Record<string, number>> };
      const apart = ["enforce-policies", "watch-drops"].filter((step) => !(step in stepsDone));
      tally.check("policies came into force by a step of their own, and were watched", apart.length === 0, record);
      await expectPairs(bed, "finalized", await migrated(bed), asWritten);
      await bed.rollBackAll();
      await expectPairs(bed, "rolled back", [], asWritten);
    } finally {
      await removePolicyWorld(bed);
    }
  },
};

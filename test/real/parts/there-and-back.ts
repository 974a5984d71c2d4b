import type { Part } from "../part.ts";
import { apiSnapshot } from "../snapshot/api-snapshot.ts";
import { compareSnapshots, differenceLines, type Excuse, unexcused } from "../snapshot/compare-snapshots.ts";
import { afterRollbackOfAll } from "../snapshot/documented-leftovers.ts";
import { nodeSnapshot, type Snapshot } from "../snapshot/node-snapshot.ts";
import type { TestBed } from "../test-bed.ts";

/** The API and each node as they are. */
export async function lookAtAll(bed: TestBed): Promise<ReadonlyMap<string, Snapshot>> {
  const all = new Map<string, Snapshot>([["the API", await apiSnapshot(bed.kubectl)]]);
  for (const node of await bed.nodes()) all.set(node, await nodeSnapshot(bed.shell, node));
  return all;
}

/** Prints what stayed and what is gone, and fails for what no page of ours names. */
export async function compareAll(
  bed: TestBed,
  before: ReadonlyMap<string, Snapshot>,
  excuses: readonly Excuse[],
): Promise<ReadonlyMap<string, Snapshot>> {
  const all = await lookAtAll(bed);
  for (const [place, after] of all) {
    const found = compareSnapshots(before.get(place) ?? {}, after);
    bed.tally.say(`   ${place}: ${found.length} differences\n${differenceLines(found).replace(/^/gm, "      ")}`);
    const unsaid = unexcused(found, excuses);
    bed.tally.check(
      `${place}: nothing stayed or went that the pages do not name`,
      unsaid.length === 0,
      differenceLines(unsaid),
    );
  }
  return all;
}

async function oneNodeBack(bed: TestBed, kubeconfig: string): Promise<void> {
  const [node = ""] = await bed.workers();
  const back = bed.start(["rollback", node, "--yes"], kubeconfig);
  const code = await back.end(900_000);
  const { nodes } = await bed.status();
  const phase = nodes.find(({ name }) => name === node)?.phase;
  // The run itself stays paused after it: 3, or 0 where the command counts as done.
  bed.tally.check(`${node} alone is rolled back (exit ${code}, ${phase})`, code === 0 || code === 3, back.last());
  const labelled = await bed.kubectl("get", "node", node, "-o", "jsonpath={.metadata.labels}");
  bed.tally.check(
    `${node} no longer bears the label of the migration`,
    !labelled.includes("io.cilium.migration"),
    labelled,
  );
  const files = await bed.shell.output(node, "ls /etc/cni/net.d");
  bed.tally.check(`${node} has its old CNI configuration`, !/05-cilium|cilium_bak/.test(files), files);
}

/** All nodes there, one back, all there and finalized, all back, as the ServiceAccount of the printed role; what then differs. */
export const thereAndBack: Part = {
  name: "there-and-back",
  summary:
    "as the ServiceAccount of stage operate: all nodes moved, one rolled back, moved again, finalized, all rolled back; what stayed",
  async run(bed) {
    const { tally } = bed;
    const before = await lookAtAll(bed);
    const kubeconfig = await bed.kubeconfigOf("operate");
    const first = bed.migrate("nodes", { kubeconfig });
    tally.check(
      "all nodes are moved, and it waits for the next consent (3)",
      (await first.end(3_600_000)) === 3,
      `${first.complaints}\n${first.last()}`,
    );
    await bed.podsReady("on Cilium");
    await oneNodeBack(bed, kubeconfig);
    const [node = ""] = await bed.workers();
    const second = bed.start(["include", node, "--consent", "nodes,finalize"], kubeconfig);
    tally.check(
      `${node} is taken in again and moved, and all is finalized (3)`,
      (await second.end(1_800_000)) === 3,
      `${second.complaints}\n${second.last()}`,
    );
    const { nodes } = await bed.status();
    const elsewhere = nodes.filter(({ phase }) => phase !== "migrated");
    tally.check("every node is migrated", elsewhere.length === 0, JSON.stringify(elsewhere));
    await bed.rollBackAll(kubeconfig);
    await compareAll(bed, before, afterRollbackOfAll);
  },
};

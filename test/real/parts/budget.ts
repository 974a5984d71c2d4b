import type { Part } from "../part.ts";
import type { TestBed } from "../test-bed.ts";

const namespace = "crossfade-real-budget";

/** Rather there than elsewhere: a node that will be drained. */
const preferring = (node: string) => ({
  nodeAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 100,
        preference: { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [node] }] },
      },
    ],
  },
});

/** A pod that no eviction may take: its budget allows none. */
function kept(image: string, node: string): readonly object[] {
  const labels = { app: "kept" };
  const containers = [{ name: "main", image, command: ["sleep", "100000"] }];
  const spec = {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers, terminationGracePeriodSeconds: 1, affinity: preferring(node) },
    },
  };
  const metadata = { name: "kept", namespace };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    { apiVersion: "apps/v1", kind: "Deployment", metadata, spec },
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata,
      spec: { minAvailable: 1, selector: { matchLabels: labels } },
    },
  ];
}

/** What status says once it says that, or in the end: of several pods that are held it names the first. */
async function statusNaming(bed: TestBed, what: RegExp, limitMs: number): Promise<string> {
  const giveUpAt = Date.now() + limitMs;
  for (;;) {
    const { out } = await bed.crossfade(["status"]);
    if (what.test(out) || Date.now() > giveUpAt) return out;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
}

async function removed(bed: TestBed): Promise<void> {
  await bed.kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
}

/** A budget that allows 0 comes up after preflight. */
export const budget: Part = {
  name: "budget",
  summary: "a PodDisruptionBudget that allows 0 holds the drain, by name; when it is gone the run goes on",
  async run(bed) {
    const { tally } = bed;
    const engine = bed.migrate("nodes", { exclude: await bed.allButTwo() });
    try {
      await engine.until(
        "the install",
        (event) => event.type === "run-step-started" && event.step === "verify-install",
        {
          from: 0,
        },
      );
      const [, second = ""] = await bed.workers();
      await bed.apply(kept(bed.options.image ?? "busybox", second));
      const held = await engine
        .until(
          "the drain to be held",
          (event) => event.type === "node-held" && JSON.stringify(event.hold).includes("kept"),
          { from: 0, limitMs: 3_000_000 },
        )
        .catch((error: Error) => tally.say(`   ${error.message}`));
      tally.check("the drain is held, and names the budget", held !== undefined, engine.last());
      const told = await statusNaming(bed, /kept/, 60_000);
      tally.check("status names it too, once other pods are gone", /kept/.test(told), told);
      await bed.kubectl("-n", namespace, "delete", "poddisruptionbudget", "kept");
      tally.check(
        "without it the run goes on to the last node that takes part (3)",
        (await engine.end(3_600_000)) === 3,
        `${engine.complaints}\n${engine.last()}`,
      );
    } finally {
      await removed(bed);
    }
    await bed.rollBackAll();
  },
};

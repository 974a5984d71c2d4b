import { afterEach, expect, test } from "vitest";
import type { EngineEvent } from "../../../src/engine/model/events.ts";
import type { RebootMethod } from "../../../src/engine/model/plan-types.ts";
import type { Ports } from "../../../src/engine/model/ports/ports.ts";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { type Choice, World } from "../../support/lab/lab-run.ts";

let world: World;
let cluster: ClusterView;
afterEach(() => world.close());

/** What engines did to the cluster that must not be done twice. */
interface Acts {
  readonly evicted: Map<string, number>;
  readonly reboots: Map<string, number>;
  readonly boots: Map<string, Set<string>>;
}

/** The ports with every accepted eviction and every request for a reboot counted. */
const counting =
  ({ evicted, reboots }: Acts) =>
  (ports: Ports): Ports => ({
    ...ports,
    pods: {
      ...pick(ports.pods, ["list", "on", "onFresh", "budgets", "delete"]),
      async evict(pod) {
        const answer = await ports.pods.evict(pod);
        if (answer.kind === "accepted") evicted.set(pod.uid, (evicted.get(pod.uid) ?? 0) + 1);
        return answer;
      },
    },
    rebooter: {
      tidy: (node) => ports.rebooter.tidy(node),
      reboot(node, method, signal) {
        reboots.set(node.name, (reboots.get(node.name) ?? 0) + 1);
        return ports.rebooter.reboot(node, method, signal);
      },
    },
  });

function pick<T extends object, K extends keyof T>(of: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, of[name]])) as Pick<T, K>;
}

/** Steps begun, each once: "worker-1 drain", "install". */
function pointOf(event: EngineEvent): string | null {
  if (event.type === "node-step-started") return `${event.node} ${event.step}`;
  return event.type === "run-step-started" ? event.step : null;
}

/** Starts an engine that ends at the next point where none has ended yet; the outcome of the last one. */
async function inPieces(choice: Choice, acts: Acts): Promise<{ outcome: string; pieces: number }> {
  const stopped = new Set<string>();
  for (let pieces = 1; ; pieces++) {
    const run = world.start({
      ...choice,
      holder: `tester@lab/${pieces}`,
      around: counting(acts),
      onEvent: (event, { engine }) => {
        for (const { name, bootId } of world.lab.machines.values()) {
          acts.boots.set(name, (acts.boots.get(name) ?? new Set()).add(bootId));
        }
        const point = pointOf(event);
        if (point === null || stopped.has(point)) return;
        stopped.add(point);
        engine.stop();
      },
    });
    const outcome = await run.end();
    if (outcome !== "interrupted") return { outcome, pieces };
  }
}

const methods: readonly RebootMethod[] = [
  { method: "privileged-pod", image: "registry.k8s.io/e2e-test-images/agnhost:2.53" },
  { method: "command", argv: ["docker", "restart", "{node}"] },
];

for (const reboot of methods) {
  test(`engines that end at every step of the run and of its nodes come to the same end (${reboot.method})`, async () => {
    world = await World.make({ seed: 41 });
    cluster = new ClusterView(world.lab);
    const acts: Acts = { evicted: new Map(), reboots: new Map(), boots: new Map() };
    const { outcome, pieces } = await inPieces({ input: { reboot } }, acts);
    expect(outcome).toBe("migrated");
    // 12 steps of the run, "nodes" among them, and 11 of each node.
    expect(pieces).toBe(46);
    expect(Object.values(cluster.confInCharge())).toEqual(Array(3).fill("05-cilium.conflist"));
    expect(cluster.podsAt("10.244.")).toEqual([]);
    expect({ cordoned: cluster.cordoned, labelled: cluster.labelled, ours: cluster.ours }).toEqual({
      cordoned: [],
      labelled: [],
      ours: [],
    });
    expect([...acts.evicted.values()].filter((times) => times > 1)).toEqual([]);
    expect(Object.fromEntries([...acts.boots].map(([name, boots]) => [name, boots.size]))).toEqual({
      "control-plane-1": 2,
      "worker-1": 2,
      "worker-2": 2,
    });
    expect(cluster.flannel).toEqual([]);
  });
}

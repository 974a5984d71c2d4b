import { afterEach, expect, test } from "vitest";
import type { EngineEvent } from "../../../src/engine/model/events.ts";
import { frozenMark } from "../../../src/engine/model/plan/frozen-owner.ts";
import { type LabRun, World } from "../../support/lab/lab-run.ts";

let world: World;
afterEach(() => world.close());

const labels = { app: "cluster-autoscaler" };

/** A lab with an autoscaler of two replicas, which does nothing. */
async function open(seed: number): Promise<void> {
  world = await World.make({ seed });
  world.lab.store.create("apps/deployments", {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "cluster-autoscaler", namespace: "kube-system", labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "main", image: "registry.k8s.io/pause:3.10" }] } },
    },
  });
}

function autoscaler() {
  const found = world.lab.store.get("apps/deployments", "kube-system", "cluster-autoscaler") as unknown as {
    readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
    readonly spec: { readonly replicas: number };
  };
  return { replicas: found.spec.replicas, mark: found.metadata.annotations?.[frozenMark] };
}

const running = { replicas: 2, mark: undefined };
const frozen = { replicas: 0, mark: "2" };
const choice = { input: { freezeOwners: true, reboot: { method: "none" } } } as const;

/** Ends the engine where a node begins to move. */
function endedAtNode(event: EngineEvent, { engine }: LabRun): void {
  if (event.type === "node-step-started") engine.stop();
}

test("an autoscaler is at zero while nodes move, and as it was once the run has ended, though another engine ends it", async () => {
  await open(71);
  expect(await world.start({ ...choice, onEvent: endedAtNode }).end()).toBe("interrupted");
  expect(autoscaler()).toEqual(frozen);
  const ending = world.start({ ...choice });
  expect(await ending.end()).toBe("migrated");
  expect(autoscaler()).toEqual(running);
  expect(ending.state.plan?.frozen?.map(({ name }) => name)).toEqual(["cluster-autoscaler"]);
});

test("a rollback of the run puts it back too; without the flag it is never changed", async () => {
  await open(72);
  expect(await world.start({ ...choice, onEvent: endedAtNode }).end()).toBe("interrupted");
  expect(autoscaler()).toEqual(frozen);
  const back = world.start({ attended: false, consents: [], rollback: "all" });
  expect(await back.end()).toBe("rolled-back");
  expect(autoscaler()).toEqual(running);
  const plain = world.start({ input: { reboot: { method: "none" } }, onEvent: endedAtNode });
  expect(await plain.end()).toBe("interrupted");
  expect(autoscaler()).toEqual(running);
  expect(plain.state.plan?.frozen).toBeUndefined();
});

import { pause } from "../clock.ts";
import type { ContainerRun, Exit } from "./container-run.ts";
import type { KubeletWorld } from "./kubelet-world.ts";
import type { PodObject } from "./pod-types.ts";
import { watchReadiness } from "./readiness.ts";

/** How a container is kept going. */
export interface Restarts {
  readonly world: KubeletWorld;
  readonly policy: "Always" | "OnFailure" | "Never";
  readonly calledOff: AbortSignal;
  readonly sandbox: { pod(): PodObject; address(): string | null; changed(): void };
}

const firstBackOffMs = 10_000;
const lastBackOffMs = 300_000;
/** A container that ran that long starts its back-off afresh. */
const healthyMs = 600_000;
/** The first restart comes at once, as far as a kubelet is quick. */
const atOnceMs = 1_000;

/** Runs a container until its policy lets it rest, or it is called off. */
export async function superviseContainer(container: ContainerRun, restarts: Restarts): Promise<void> {
  const { world, calledOff } = restarts;
  let failures = 0;
  for (;;) {
    const startedAt = world.clock.now();
    const exit = await runWatched(container, restarts);
    if (calledOff.aborted || exit === null || !shouldRestart(restarts.policy, exit)) return;
    if (world.clock.now() - startedAt >= healthyMs) failures = 0;
    const backOffMs = failures === 0 ? atOnceMs : Math.min(firstBackOffMs * 2 ** (failures - 1), lastBackOffMs);
    failures += 1;
    if (backOffMs > atOnceMs) sayBackOff(container, backOffMs, restarts.sandbox.pod());
    await pause(world.clock, backOffMs, calledOff);
    if (calledOff.aborted) return;
    container.restartCount += 1;
  }
}

async function runWatched(container: ContainerRun, { world, calledOff, sandbox }: Restarts): Promise<Exit | null> {
  let stopAsking: () => void = () => undefined;
  const exit = await container.run(calledOff, () => {
    if (!container.isInit) stopAsking = watchReadiness(world, container, sandbox);
  });
  stopAsking();
  return exit;
}

function sayBackOff(container: ContainerRun, backOffMs: number, { metadata }: PodObject): void {
  const { name, namespace, uid } = metadata;
  const message = `back-off ${backOffMs / 1_000}s restarting failed container=${container.spec.name} pod=${name}_${namespace}(${uid})`;
  container.say({
    type: "Warning",
    reason: "BackOff",
    message: `Back-off restarting failed container ${container.spec.name}`,
  });
  container.wait("CrashLoopBackOff", message);
}

function shouldRestart(policy: Restarts["policy"], { exitCode }: Exit): boolean {
  return policy === "Always" || (policy === "OnFailure" && exitCode !== 0);
}

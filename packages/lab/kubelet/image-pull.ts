import { pause } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Occurrence } from "./event-log.ts";
import type { KubeletWorld } from "./kubelet-world.ts";
import { draw } from "./timings.ts";

/** What the pull tells its container while it goes on. */
export interface PullListener {
  say(occurrence: Omit<Occurrence, "fieldPath">): void;
  wait(reason: "ErrImagePull" | "ImagePullBackOff", message: string): void;
}

const firstBackOffMs = 10_000;
const lastBackOffMs = 300_000;

/** Fetches the image unless the machine has it; never gives up, as a kubelet does not. False when aborted. */
export async function pullImage(
  world: KubeletWorld,
  image: string,
  listener: PullListener,
  { random, signal }: { readonly random: Random; readonly signal: AbortSignal },
): Promise<boolean> {
  if (world.images.has(image)) {
    listener.say({
      type: "Normal",
      reason: "Pulled",
      message: `Container image "${image}" already present on machine`,
    });
    return true;
  }
  for (let backOffMs = firstBackOffMs; ; backOffMs = Math.min(backOffMs * 2, lastBackOffMs)) {
    listener.say({ type: "Normal", reason: "Pulling", message: `Pulling image "${image}"` });
    const tookMs = draw(random, world.timings.pull);
    await pause(world.clock, tookMs, signal);
    if (signal.aborted) return false;
    const fault = world.imageFault(image);
    if (fault === null) {
      world.images.add(image);
      listener.say({
        type: "Normal",
        reason: "Pulled",
        message: `Successfully pulled image "${image}" in ${tookMs}ms`,
      });
      return true;
    }
    listener.say({ type: "Warning", reason: "Failed", message: `Failed to pull image "${image}": ${fault}` });
    listener.wait("ErrImagePull", fault);
    await pause(world.clock, 1_000, signal);
    if (signal.aborted) return false;
    listener.say({ type: "Normal", reason: "BackOff", message: `Back-off pulling image "${image}"` });
    listener.wait("ImagePullBackOff", `Back-off pulling image "${image}": ${fault}`);
    await pause(world.clock, backOffMs, signal);
    if (signal.aborted) return false;
  }
}

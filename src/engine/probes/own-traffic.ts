import type { Observation } from "../model/observation.ts";
import type { NodeScope } from "../model/step.ts";
import { probeAwaited } from "../observe/start-trouble.ts";
import { passed, trafficOf } from "./ask.ts";
import { crossingsOf } from "./crossings.ts";
import { probeEnds } from "./ends.ts";

/** `network`: the one that the node is on. Whether the node reaches its neighbours on both networks, DNS and the API service, and they reach it: measured now. */
export async function ownTraffic(
  { ports, plan, node, excludedOrDeferred, signal }: NodeScope,
  network: "source" | "cilium",
): Promise<Observation> {
  const ends = await probeEnds(ports, plan, excludedOrDeferred);
  const own = ends.find(({ pod }) => pod.node === node);
  if (!own) return probeAwaited(ports, node);
  return passed(await trafficOf(ports, crossingsOf(own, ends), signal), `${network}-traffic-lost`);
}

import { pause } from "../clock.ts";
import type { Machine } from "../machine.ts";
import type { Network } from "../network/reach.ts";
import type { ContainerContext } from "../program.ts";
import { ProgramExit } from "../program.ts";
import type { PodObject, ServiceObject } from "./kinds.ts";

/** What the programs of a lab share. */
export interface ProgramWorld {
  readonly network: Network;
  /** By node name. */
  readonly machines: ReadonlyMap<string, Machine>;
}

/** As client-go's own patience at start. */
const patienceMs = 60_000;

/** The address by which a container asks the API: its environment's, else the service's. Null where the cluster has no such service. */
function apiAddress({
  pod,
  container,
  store,
}: ContainerContext): { readonly ip: string; readonly port: number } | null {
  const spec = (pod as PodObject).spec as PodObject["spec"] & { initContainers?: PodObject["spec"]["containers"] };
  const own = [...spec.containers, ...(spec.initContainers ?? [])].find(({ name }) => name === container);
  const env = (name: string) => own?.env?.find((entry) => entry.name === name)?.value;
  const host = env("KUBERNETES_SERVICE_HOST");
  if (host) return { ip: host, port: Number(env("KUBERNETES_SERVICE_PORT") ?? 443) };
  const ip = store.get<ServiceObject>("services", "default", "kubernetes")?.spec.clusterIP;
  return ip ? { ip, port: 443 } : null;
}

/** Null when the API answers now, otherwise what the client would print. */
export function apiError(context: ContainerContext, network: Network): string | null {
  const address = apiAddress(context);
  if (!address) return null;
  const reached = network.fromPod(context.pod, { ...address, protocol: "tcp" });
  return reached.ok ? null : `dial tcp ${address.ip}:${address.port}: ${reached.reason}`;
}

/** Waits for the API server as a daemon does at its start; gives up as it does. */
export async function untilApiAnswers(context: ContainerContext, network: Network): Promise<void> {
  const giveUpAt = context.clock.now() + patienceMs;
  for (let error = apiError(context, network); error !== null; error = apiError(context, network)) {
    if (context.signal.aborted) return;
    context.log(`level=warning msg="Unable to contact the Kubernetes API server, retrying" error="${error}"`);
    if (context.clock.now() >= giveUpAt)
      throw new ProgramExit(1, `unable to contact the Kubernetes API server: ${error}`);
    await pause(context.clock, 1_000, context.signal);
  }
}

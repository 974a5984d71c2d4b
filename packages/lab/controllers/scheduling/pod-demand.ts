import type { Container, Pod, PodSpec } from "../kinds.ts";
import { quantity } from "../quantity.ts";

/** What a pod takes of a node. */
export interface PodDemand {
  readonly cpu: number;
  readonly memory: number;
  /** "TCP/8080" each; host addresses are not told apart. */
  readonly hostPorts: readonly string[];
}

/** Requests of the containers together, or of the largest init container where that is more; sidecars count to both. */
export function podDemand({ spec }: Pod): PodDemand {
  return { cpu: request(spec, "cpu"), memory: request(spec, "memory"), hostPorts: hostPorts(spec) };
}

function request(spec: PodSpec, name: string): number {
  const of = ({ resources }: Container) => quantity(resources?.requests?.[name] ?? resources?.limits?.[name]);
  let sidecars = 0;
  let peak = 0;
  for (const init of spec.initContainers ?? []) {
    if (init.restartPolicy === "Always") sidecars += of(init);
    else peak = Math.max(peak, sidecars + of(init));
  }
  const running = spec.containers.reduce((sum, container) => sum + of(container), sidecars);
  return Math.max(running, peak) + quantity(spec.overhead?.[name]);
}

function hostPorts({ containers, initContainers = [], hostNetwork }: PodSpec): string[] {
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === "Always");
  return [...containers, ...sidecars]
    .flatMap(({ ports = [] }) => ports)
    .map(({ protocol = "TCP", hostPort, containerPort }) => ({
      protocol,
      port: hostNetwork ? containerPort : hostPort,
    }))
    .filter(({ port }) => port)
    .map(({ protocol, port }) => `${protocol}/${port}`);
}

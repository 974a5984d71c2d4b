import { datapathOf } from "../cni/cilium/datapath.ts";
import type { ServiceObject } from "../cni/kinds.ts";
import type { Machine } from "../machine.ts";
import type { Directory } from "./directory.ts";
import { namedPort } from "./listening.ts";
import type { Destination } from "./reach.ts";

/** Which of a service's endpoints a connection gets: they take turns. */
export class ServiceBackends {
  readonly #directory: Directory;
  readonly #turns = new Map<string, number>();

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  /** Null where nothing is ready behind the port. */
  next(service: ServiceObject, { port, protocol }: Pick<Destination, "port" | "protocol">): Destination | null {
    const entry = (service.spec.ports ?? []).find(
      (candidate) =>
        (candidate.port === port || candidate.nodePort === port) &&
        (candidate.protocol ?? "TCP").toLowerCase() === protocol,
    );
    if (!entry) return null;
    const ready = this.#endpoints(service, entry, protocol);
    if (ready.length === 0) return null;
    const key = `${service.metadata.uid ?? service.metadata.name}/${port}/${protocol}`;
    const turn = this.#turns.get(key) ?? 0;
    this.#turns.set(key, turn + 1);
    return ready[turn % ready.length] ?? null;
  }

  #endpoints(
    service: ServiceObject,
    entry: NonNullable<ServiceObject["spec"]["ports"]>[number],
    protocol: Destination["protocol"],
  ): readonly Destination[] {
    const slices = this.#directory.slices(service);
    if (slices.length === 0 && isApiService(service)) {
      return this.#directory.controlPlanes().map((ip) => ({ ip, port: 6443, protocol }));
    }
    return slices.flatMap((slice) => {
      const slicePort = slice.ports?.find(({ name }) => (name ?? "") === (entry.name ?? ""))?.port;
      return (slice.endpoints ?? [])
        .filter(({ conditions }) => conditions?.ready !== false)
        .flatMap(({ addresses }) => addresses ?? [])
        .map((ip) => ({ ip, port: slicePort ?? this.#targetPort(entry, ip), protocol }));
    });
  }

  #targetPort(
    { port, targetPort }: { readonly port: number; readonly targetPort?: number | string },
    ip: string,
  ): number {
    if (typeof targetPort === "number") return targetPort;
    const pod = this.#directory.pod(ip);
    return (targetPort !== undefined && pod ? namedPort(pod, targetPort) : null) ?? port;
  }
}

/** The API server's own service: its endpoints are the control planes, whether or not somebody wrote a slice. */
function isApiService({ metadata }: ServiceObject): boolean {
  return metadata.namespace === "default" && metadata.name === "kubernetes";
}

/** What turns a service's address into an endpoint's on this machine; null where nothing does. */
export function serviceProxy(machine: Machine): "kube-proxy" | "Cilium" | null {
  if (machine.chains.has("nat/KUBE-SERVICES")) return "kube-proxy";
  return datapathOf(machine)?.kubeProxyReplacement ? "Cilium" : null;
}

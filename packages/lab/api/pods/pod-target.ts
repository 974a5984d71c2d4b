import type { KubeObject } from "../../objects.ts";
import { badRequest } from "../../store/api-error.ts";
import { type Call, targetOf } from "../serve/call.ts";
import type { ContainerTarget } from "./pod-access.ts";

interface Named {
  readonly name: string;
}

interface PodSpec {
  readonly nodeName?: string;
  readonly containers?: readonly Named[];
  readonly initContainers?: readonly Named[];
  readonly ephemeralContainers?: readonly Named[];
}

const names = (list: readonly Named[] = []) => list.map(({ name }) => name);

/** The container that log and exec are for, checked as the API server checks it; 404 and 400 otherwise. */
export function containerTarget(call: Call): ContainerTarget {
  const pod = call.world.store.read(targetOf(call));
  const spec = pod.spec as PodSpec;
  const container = chosenContainer(pod, spec, call.query.get("container"));
  if (!spec.nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  return { namespace: pod.metadata.namespace ?? "", pod: pod.metadata.name, container };
}

function chosenContainer(pod: KubeObject, spec: PodSpec, wanted: string | null): string {
  const containers = names(spec.containers);
  const inits = names(spec.initContainers);
  if (wanted) {
    const known = [...containers, ...inits, ...names(spec.ephemeralContainers)];
    if (known.includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${pod.metadata.name}`);
  }
  const [first] = containers;
  if (first !== undefined && containers.length === 1) return first;
  const orInits = inits.length > 0 ? ` or one of the init containers: [${inits.join(" ")}]` : "";
  const choice = `choose one of: [${containers.join(" ")}]${orInits}`;
  throw badRequest(`a container name must be specified for pod ${pod.metadata.name}, ${choice}`);
}

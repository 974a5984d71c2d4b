import type { ContainerSpec, PodObject } from "../cni/kinds.ts";
import type { Destination } from "./reach.ts";

/** Ports that an image opens without declaring them. */
const undeclared: readonly {
  readonly image: RegExp;
  readonly ports: (container: ContainerSpec) => readonly string[];
}[] = [
  { image: /agnhost/, ports: (container) => agnhostPorts([...(container.command ?? []), ...(container.args ?? [])]) },
  { image: /coredns/, ports: () => ["53/udp", "53/tcp", "8080/tcp", "8181/tcp", "9153/tcp"] },
];

function agnhostPorts(argv: readonly string[]): readonly string[] {
  const flag = (name: string, otherwise: number) =>
    Number(argv.find((argument) => argument.startsWith(`--${name}=`))?.split("=")[1] ?? otherwise);
  const script = argv.join(" ");
  if (script.includes("serve-hostname")) {
    const port = /--port=(\d+)/.exec(script)?.[1] ?? 9376;
    return [`${port}/${/--udp\b/.test(script) ? "udp" : "tcp"}`];
  }
  if (!argv.includes("netexec")) return [];
  return [`${flag("http-port", 8080)}/tcp`, `${flag("udp-port", 8081)}/udp`];
}

/** Whether a process of the pod listens there: by its declared ports, or by what its image is known to open. */
export function listens(pod: PodObject, { port, protocol }: Pick<Destination, "port" | "protocol">): boolean {
  return pod.spec.containers.some((container) => {
    const declared = (container.ports ?? []).some(
      (entry) => entry.containerPort === port && (entry.protocol ?? "TCP").toLowerCase() === protocol,
    );
    return (
      declared ||
      undeclared.some(
        ({ image, ports }) => image.test(container.image) && ports(container).includes(`${port}/${protocol}`),
      )
    );
  });
}

/** The number behind a service's named targetPort. */
export function namedPort(pod: PodObject, name: string): number | null {
  for (const { ports } of pod.spec.containers)
    for (const port of ports ?? []) if (port.name === name) return port.containerPort;
  return null;
}

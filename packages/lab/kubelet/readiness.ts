import type { ContainerRun } from "./container-run.ts";
import type { KubeletWorld } from "./kubelet-world.ts";
import type { ContainerSpec, PodObject } from "./pod-types.ts";

/** How often a container that is not ready yet is asked; a kubelet too asks sooner than the period then. */
const eagerMs = 500;

/** Asks a container's readiness for as long as it runs. Returns how to stop asking. */
export function watchReadiness(
  world: KubeletWorld,
  container: ContainerRun,
  sandbox: { pod(): PodObject; address(): string | null; changed(): void },
): () => void {
  const probe = container.spec.readinessProbe;
  const settle = (ready: boolean) => {
    if (container.ready === ready && container.started) return;
    container.ready = ready;
    container.started ||= ready || !container.spec.startupProbe;
    sandbox.changed();
  };
  if (!probe) {
    settle(true);
    return () => undefined;
  }
  settle(false);
  const periodMs = (probe.periodSeconds ?? 10) * 1_000;
  let failures = 0;
  let cancel: () => void = () => undefined;
  const ask = () => {
    if (!container.isRunning) return;
    const fault = probeFault(world, container, sandbox);
    failures = fault === null ? 0 : failures + 1;
    if (fault === null) settle(true);
    else if (container.ready) {
      container.say({ type: "Warning", reason: "Unhealthy", message: `Readiness probe failed: ${fault}` });
      if (failures >= (probe.failureThreshold ?? 3)) settle(false);
    }
    cancel = world.clock.after(container.ready ? periodMs : Math.min(eagerMs, periodMs), ask);
  };
  cancel = world.clock.after((probe.initialDelaySeconds ?? 0) * 1_000 + 100, ask);
  return () => cancel();
}

/** Null when the probe would succeed now. */
function probeFault(
  world: KubeletWorld,
  container: ContainerRun,
  sandbox: { pod(): PodObject; address(): string | null },
): string | null {
  if (container.program && !container.program.ready()) return "the container does not answer yet";
  const port = portOf(container.spec);
  const ip = sandbox.address();
  if (port === null || ip === null || sandbox.pod().spec.hostNetwork) return null;
  const reach = world.network.fromNode(world.machine.name, { ip, port, protocol: "tcp" });
  return reach.ok ? null : `dial tcp ${ip}:${port}: ${reach.reason}`;
}

function portOf({ readinessProbe, ports }: ContainerSpec): number | null {
  const { httpGet, tcpSocket } = readinessProbe ?? {};
  const port = (httpGet ?? tcpSocket)?.port;
  if (port === undefined) return null;
  if (typeof port === "number") return port;
  return ports?.find(({ name }) => name === port)?.containerPort ?? null;
}

import { pause } from "../../clock.ts";
import type { KubeObject } from "../../objects.ts";
import type { ContainerContext } from "../../program.ts";

const leases = "coordination.k8s.io/leases";
const lockName = "cilium-operator-resource-lock";
const durationMs = 15_000;
const renewMs = 5_000;
const retryMs = 2_000;

interface LeaseObject extends KubeObject {
  spec: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    renewTime?: string;
    acquireTime?: string;
    leaseTransitions?: number;
  };
}

/** Resolves once this replica leads, false when it was stopped before. Leading is renewed until `stop` gives it up. */
export async function lead(context: ContainerContext): Promise<{ stop(): void } | null> {
  const { clock, signal, machine, pod } = context;
  const identity = `${machine.name}-${(pod.metadata.uid ?? pod.metadata.name).slice(0, 10)}`;
  while (!signal.aborted) {
    if (take(context, identity)) {
      const cancel = clock.every(renewMs, () => machine.up && renew(context, identity));
      return {
        stop() {
          cancel();
          if (machine.up) write(context, { holderIdentity: "" }, identity);
        },
      };
    }
    await pause(clock, retryMs, signal);
  }
  return null;
}

function take(context: ContainerContext, identity: string): boolean {
  const now = context.clock.now();
  const lease = read(context);
  const spec = {
    holderIdentity: identity,
    leaseDurationSeconds: durationMs / 1_000,
    acquireTime: stamp(now),
    renewTime: stamp(now),
  };
  if (!lease) {
    context.store.create<LeaseObject>(leases, {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: lockName, namespace: namespaceOf(context) },
      spec: { ...spec, leaseTransitions: 0 },
    });
    return true;
  }
  const { holderIdentity = "", renewTime = "", leaseTransitions = 0 } = lease.spec;
  const expired = now - (Date.parse(renewTime) || 0) > durationMs;
  if (holderIdentity !== "" && holderIdentity !== identity && !expired) return false;
  write(context, { ...spec, leaseTransitions: leaseTransitions + 1 }, holderIdentity);
  return true;
}

function renew(context: ContainerContext, identity: string): void {
  write(context, { renewTime: stamp(context.clock.now()) }, identity);
}

/** Changes nothing when somebody else took it meanwhile. */
function write(context: ContainerContext, spec: LeaseObject["spec"], heldBy: string): void {
  if ((read(context)?.spec.holderIdentity ?? "") !== heldBy) return;
  context.store.change<LeaseObject>(leases, namespaceOf(context), lockName, (copy) => {
    copy.spec = { ...copy.spec, ...spec };
  });
}

function read(context: ContainerContext): LeaseObject | undefined {
  return context.store.get<LeaseObject>(leases, namespaceOf(context), lockName);
}

function namespaceOf({ pod }: ContainerContext): string {
  return pod.metadata.namespace ?? "kube-system";
}

function stamp(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}

import type { LabClock } from "../../clock.ts";
import type { Store } from "../../objects.ts";
import type { ContainerContext, Program } from "../../program.ts";
import type { PodObject } from "../kinds.ts";
import { group } from "./definitions.ts";
import { allocations, release, releaseBlocks } from "./ipam.ts";
import { type Attribute, type BlockAffinity, isServed, type KubeControllersConfiguration, resource } from "./kinds.ts";

const lookMs = 30_000;

/** Frees addresses that no pod bears any more, once they were seen to leak for long enough; the time begins anew with its pod. */
export const kubeControllers: Program = {
  name: "calico-kube-controllers",
  matches: (image) => /calico\/kube-controllers(:|@|$)/.test(image),
  start(context) {
    const { store, clock } = context;
    const seen = new Map<string, number>();
    const cancel = clock.every(lookMs, () => {
      if (isServed(store)) look(context, seen);
    });
    return {
      ready() {
        if (isServed(store)) ensureConfiguration(store);
        return isServed(store);
      },
      stop: cancel,
    };
  },
};

function look(context: ContainerContext, seen: Map<string, number>): void {
  const { store, clock } = context;
  freeNodes(store);
  const leaks = allocations(store).filter(
    ({ ip, of }) => of.secondary.pod !== undefined && !isBorne(store, ip, of.secondary),
  );
  const keys = new Set(leaks.map(({ of }) => of.handle_id));
  for (const key of seen.keys()) if (!keys.has(key)) seen.delete(key);
  for (const { ip, of } of leaks) {
    const since = seen.get(of.handle_id);
    if (since === undefined) {
      seen.set(of.handle_id, clock.now());
      context.log(`Candidate IP leak handle="${of.handle_id}" ip="${ip}" node="${of.secondary.node}"`);
    } else if (isOver(store, clock, since)) {
      context.log(`Garbage collecting leaked IP address handle="${of.handle_id}" ip="${ip}"`);
      release(store, ip, of.handle_id);
      seen.delete(of.handle_id);
    }
  }
}

/** A pod of that name that says another address does not bear this one; one that says none yet may. */
function isBorne(store: Store, ip: string, { namespace = "", pod = "", node }: Attribute["secondary"]): boolean {
  const found = store.get<PodObject>("pods", namespace, pod);
  return found?.spec.nodeName === node && (found?.status?.podIP ?? ip) === ip;
}

function isOver(store: Store, clock: LabClock, since: number): boolean {
  const spec = store.get<KubeControllersConfiguration>(
    resource("kubecontrollersconfigurations"),
    null,
    "default",
  )?.spec;
  const grace = durationMs(spec?.controllers?.node?.leakGracePeriod ?? "15m0s");
  return grace > 0 && clock.now() - since >= grace;
}

/** Go's way to write a duration. */
function durationMs(text: string): number {
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000 };
  return [...text.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, n, unit = "s"]) => sum + Number(n) * (units[unit] ?? 0),
    0,
  );
}

function freeNodes(store: Store): void {
  for (const { spec } of store.list<BlockAffinity>(resource("blockaffinities")))
    if (!store.get("nodes", null, spec.node)) releaseBlocks(store, spec.node);
}

function ensureConfiguration(store: Store): void {
  const plural = resource("kubecontrollersconfigurations");
  if (store.get(plural, null, "default")) return;
  store.create(plural, {
    apiVersion: `${group}/v1`,
    kind: "KubeControllersConfiguration",
    metadata: { name: "default" },
    spec: {
      controllers: {
        loadBalancer: { assignIPs: "AllServices" },
        namespace: { reconcilerPeriod: "5m0s" },
        node: {
          hostEndpoint: { autoCreate: "Disabled" },
          leakGracePeriod: "15m0s",
          reconcilerPeriod: "5m0s",
          syncLabels: "Enabled",
        },
        policy: { reconcilerPeriod: "5m0s" },
        serviceAccount: { reconcilerPeriod: "5m0s" },
        workloadEndpoint: { reconcilerPeriod: "5m0s" },
      },
      etcdV3CompactionPeriod: "10m0s",
      healthChecks: "Enabled",
      logSeverityScreen: "Info",
    },
  });
}

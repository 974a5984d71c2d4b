import type { Machine } from "../machine.ts";
import { EventLog } from "./event-log.ts";
import { Kubelet, type KubeletSetup } from "./kubelet.ts";
import type { FleetWorld } from "./kubelet-world.ts";
import type { PodRun } from "./pod-run.ts";
import type { PodObject } from "./pod-types.ts";

/** The kubelets of a lab: one subscription to pods for all of them. */
export interface Kubelets {
  join(setup: Omit<KubeletSetup, "events">): void;
  /** The machine is switched off for good; its Node stays until somebody deletes it. */
  leave(node: string): void;
  /** Resolves when the machine is up again. */
  reboot(node: string, options?: { readonly downMs?: number }): Promise<void>;
  pod(namespace: string, name: string): PodRun | undefined;
  machine(node: string): Machine | undefined;
  stop(): void;
}

/** Starts with no node; `join` brings them in. */
export function startKubelets(world: FleetWorld): Kubelets {
  const byNode = new Map<string, Kubelet>();
  const events = new EventLog(world);
  const unsubscribe = world.store.subscribe<PodObject>("pods", (event) => {
    const kubelet = byNode.get(event.object.spec.nodeName ?? "");
    try {
      kubelet?.receive(event);
    } catch (error) {
      world.report(error);
    }
  });
  return {
    join(setup) {
      const kubelet = new Kubelet(world, { ...setup, events });
      byNode.set(setup.machine.name, kubelet);
      kubelet.start();
      for (const object of world.store.podsOn<PodObject>(setup.machine.name))
        kubelet.receive({ type: "ADDED", object, old: null });
    },
    leave(node) {
      byNode.get(node)?.stop();
      byNode.delete(node);
    },
    async reboot(node, options) {
      const kubelet = byNode.get(node);
      if (!kubelet) throw new Error(`the lab has no node ${node}`);
      await kubelet.reboot(options);
    },
    pod(namespace, name) {
      const node = world.store.get<PodObject>("pods", namespace, name)?.spec.nodeName ?? "";
      return byNode.get(node)?.pod(namespace, name);
    },
    machine: (node) => byNode.get(node)?.machine,
    stop() {
      unsubscribe();
      for (const kubelet of byNode.values()) kubelet.stop();
    },
  };
}

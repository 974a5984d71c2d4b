import type { Machine, MachineFault } from "../../machine.ts";
import type { KubeObject, Store } from "../../objects.ts";
import type { Stage } from "../scenario.ts";

/** The label by which Cilium's own guide hands a node over; whoever migrates sets it. */
const ciliumLabel = "io.cilium.migration/cilium-default";

interface NodeObject extends KubeObject {
  readonly spec?: { readonly unschedulable?: boolean };
}

export const isOnCilium = ({ metadata }: KubeObject): boolean => metadata.labels?.[ciliumLabel] === "true";
export const isCordoned = (node: KubeObject): boolean => (node as NodeObject).spec?.unschedulable === true;

/** Acts once, on the first node of which that becomes true. */
export function onFirstNode(
  { store }: Stage,
  becomes: (node: KubeObject) => boolean,
  act: (name: string) => void,
): void {
  let hit = false;
  store.subscribe<KubeObject>("nodes", ({ type, object, old }) => {
    if (hit || type !== "MODIFIED" || !becomes(object) || (old !== null && becomes(old))) return;
    hit = true;
    // A subscriber is called within the write that it hears of.
    queueMicrotask(() => act(object.metadata.name));
  });
}

/** The first node that is handed over has this fault from then on, until somebody repairs it. */
export function breakFirstNode(stage: Stage, fault: MachineFault): void {
  onFirstNode(stage, isOnCilium, (name) => {
    const machine: Machine | undefined = stage.machines.get(name);
    machine?.faults.add(fault);
  });
}

export function setCordon(store: Store, node: string, unschedulable: boolean): void {
  store.change("nodes", null, node, (copy) => {
    copy["spec"] = { ...(copy["spec"] as object), unschedulable };
  });
}

const uncordonMs = 6_000;

/** Whoever cordons a node, it is uncordoned again a little later, so many times in all and while that is switched on. */
export function uncordonAfterCordon({ store, clock }: Stage, times: number, isOn = () => true): void {
  let left = times;
  store.subscribe<KubeObject>("nodes", ({ type, object, old }) => {
    if (left <= 0 || !isOn() || type !== "MODIFIED" || !old || isCordoned(old) || !isCordoned(object)) return;
    left -= 1;
    clock.after(uncordonMs, () => setCordon(store, object.metadata.name, false));
  });
}

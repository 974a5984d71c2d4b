import { note } from "../../../model/notes/note.ts";
import { done, type Observation } from "../../../model/observation.ts";
import type { SourceFacts } from "../../../model/plan-types.ts";
import type { Reason } from "../../../model/reason.ts";
import { remembered } from "../../../model/step-memory.ts";
import type {
  SourceLook,
  SourceNodeStep,
  SourceRollbackRunStep,
  SourceRunStep,
  StepChange,
} from "../../source-step.ts";
import { calicoSetup } from "../setup.ts";
import { byInternalIp, detectionVariable } from "./detection.ts";
import { wrongAddresses } from "./node-addresses.ts";
import { detectionMark, methodBefore, notPinned, notRolledOut, pin, pinnedObject, undone } from "./pin.ts";
import { daemonSetOf, nameOf } from "./refs.ts";

const nothing = () => Promise.resolve();

function pinned(source: SourceFacts): StepChange {
  const { kind, namespace, name } = pinnedObject(source);
  const field =
    calicoSetup(source).install === "operator"
      ? "nodeAddressAutodetectionV4 kubernetes: NodeInternalIP"
      : `${detectionVariable}=${byInternalIp}`;
  return {
    verb: "change",
    kind,
    namespace,
    name,
    what: `${field}, or its daemon takes Cilium's link for the node's address; its pods restart, one node after the other`,
    rollback: `stays, for Cilium's link is there until each node restarts; what was set before is in annotation ${detectionMark}`,
  };
}

/** Before Cilium is there: a minute after its link appeared it would be too late. */
export const pinAddresses: SourceRunStep = {
  id: "calico/pin-addresses",
  before: "install",
  timeoutMs: 30 * 60_000,
  typicalMs: 60_000,
  changes: (source) => [pinned(source)],
  async observe({ ports, plan: { source, cilium }, nodes }) {
    const { wait, daemonSet } = await notPinned(ports, source, cilium.podCidr);
    if (wait || daemonSet === null) return wait ?? done;
    return (await notRolledOut(ports, daemonSetOf(source), daemonSet)) ?? (await wrongAddresses(ports, nodes)) ?? done;
  },
  apply: ({ ports, plan: { source, cilium } }) => pin(ports, source, cilium.podCidr),
  rollback: ["rollback-calico/unpin-addresses"],
};

async function stillRight({ ports, plan: { source, cilium }, nodes }: SourceLook): Promise<Observation> {
  return (await undone(ports, source, cilium.podCidr)) ?? (await wrongAddresses(ports, nodes)) ?? done;
}

/** A node that the others seek at Cilium's link loses its traffic, and nothing else says so. */
export async function addressesLost(look: SourceLook): Promise<Reason | null> {
  const seen = await stillRight(look);
  return seen.done ? null : seen.reason;
}

const checking = {
  timeoutMs: 10 * 60_000,
  typicalMs: 1_000,
  changes: () => [],
  observe: stillRight,
  // Whoever took the setting back did it on purpose, or by a sync that would do it again.
  apply: nothing,
  rollback: "nothing-to-roll-back",
} as const;

/** With Cilium's agents on all nodes. */
export const checkAddresses: SourceRunStep = { ...checking, id: "calico/check-addresses", before: "node-config" };

/** Before anything is done to a node: the old network must be whole for those that are not moved yet. */
export const recheckAddresses: SourceNodeStep = {
  ...checking,
  id: "calico/recheck-addresses",
  before: "precheck",
};

const told = remembered(() => ({ stays: false }));

/** Nothing is put back: helm uninstall leaves cilium_host on every node until its restart, where first-found would take it. */
export const unpinAddresses: SourceRollbackRunStep = {
  id: "rollback-calico/unpin-addresses",
  before: "rollback-report",
  timeoutMs: 60_000,
  async observe({ ports, plan: { source }, memory, log }) {
    const object = pinnedObject(source);
    const before = await methodBefore(ports, object);
    const known = memory.of(told);
    if (before !== null && !known.stays) {
      known.stays = true;
      log("warning", note("detection-stays-pinned", { object: nameOf(object), before, mark: detectionMark }));
    }
    return done;
  },
  apply: nothing,
};

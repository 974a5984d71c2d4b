import type { PodFacts } from "../../../model/facts.ts";
import { note } from "../../../model/notes/note.ts";
import { done } from "../../../model/observation.ts";
import type { JsonValue } from "../../../model/plan-types.ts";
import { firstOf } from "../../../model/reason.ts";
import { remembered } from "../../../model/step-memory.ts";
import { formatAddress, parseCidr } from "../../../net/cidr.ts";
import type { SourceRollbackRunStep } from "../../source-step.ts";
import { listAt, textAt } from "./json.ts";

/** Up to 3.31, and where Calico stores its own API as CRDs. */
const blockKinds = [
  { apiVersion: "crd.projectcalico.org/v1", kind: "IPAMBlock" },
  { apiVersion: "projectcalico.org/v3", kind: "IPAMBlock" },
] as const;

/** Addresses of a block that were given to pods which are gone, or have another by now. */
export function heldByNobody(block: JsonValue, pods: readonly PodFacts[]): readonly string[] {
  const range = parseCidr(textAt(block, "spec", "cidr"));
  if (range === null) return [];
  const givenTo = listAt(block, "spec", "attributes");
  return listAt(block, "spec", "allocations").flatMap((attribute, ordinal) => {
    const to = typeof attribute === "number" ? givenTo[attribute] : undefined;
    const [namespace, name] = [textAt(to, "secondary", "namespace"), textAt(to, "secondary", "pod")];
    // A tunnel's own address, or one that a user reserved.
    if (name === "") return [];
    const address = formatAddress({ family: range.family, value: range.base + BigInt(ordinal) });
    const isHeld = pods.some((pod) => pod.namespace === namespace && pod.name === name && pod.ips.includes(address));
    return isHeld ? [] : [address];
  });
}

const told = remembered(() => ({ leaked: false }));

/** Says what kube-controllers will free by itself: a pod that Cilium's plugin tore down could not give its address back. */
export const freeAddresses: SourceRollbackRunStep = {
  id: "rollback-calico/free-addresses",
  before: "rollback-report",
  timeoutMs: 60_000,
  async observe({ ports, memory, log }) {
    const known = memory.of(told);
    if (known.leaked) return done;
    const blocks = (await Promise.all(blockKinds.map((kind) => ports.objects.all(kind)))).flat();
    const pods = await ports.pods.list();
    const leaked = blocks.flatMap((block) => heldByNobody(block, pods));
    known.leaked = true;
    const [first, more] = firstOf(leaked);
    if (leaked.length > 0) log("info", note("addresses-held-by-nobody", { count: leaked.length, first, more }));
    return done;
  },
  apply: () => Promise.resolve(),
};

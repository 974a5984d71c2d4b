import type { HostPassage } from "../../../network/policy/guard.ts";
import type { Direction, Traffic } from "../../../network/policy/traffic.ts";
import type { KubeObject, Store } from "../../../objects.ts";
import { firstMatch, type OrderedPolicyObject, selectsHost } from "./ordered-policy.ts";

interface HostEndpointObject extends KubeObject {
  spec: { node?: string; interfaceName?: string; profiles?: readonly string[] };
}

/** Ports that Felix keeps open by itself (FailsafeInboundHostPorts). */
const failsafe: Readonly<Record<string, readonly number[]>> = {
  tcp: [22, 179, 2379, 2380, 5473, 6443, 6666, 6667],
  udp: [68],
};

const openProfile = "projectcalico-default-allow";

interface HostWorld {
  readonly store: Store;
  readonly policies: (direction: Direction) => readonly OrderedPolicyObject[];
}

/** What comes to a machine that a HostEndpoint guards: closed but for what a policy allows. Only what comes in is looked at. */
export function hostVerdict({ store, policies }: HostWorld, passage: HostPassage): string | null {
  const { machine, from, protocol, port } = passage;
  if (!machine.chains.has("filter/cali-INPUT") || failsafe[protocol]?.includes(port)) return null;
  const endpoint = store
    .list<HostEndpointObject>("crd.projectcalico.org/hostendpoints")
    .find(({ spec }) => spec.node === machine.name && (spec.interfaceName ?? "eth0") !== "lo");
  if (!endpoint) return null;
  const other = { ip: from, member: null, hasRange: true };
  const traffic: Traffic = { direction: "Ingress", protocol, port, other, receiver: null };
  const meant = policies("Ingress").filter((policy) => selectsHost(policy, endpoint.metadata.labels ?? {}));
  const action = meant.map((policy) => firstMatch(policy, traffic)).find((found) => found !== null);
  const isOpen = meant.length === 0 && endpoint.spec.profiles?.includes(openProfile);
  if (action === "Allow" || (action !== "Deny" && isOpen)) return null;
  return `HostEndpoint ${endpoint.metadata.name} drops ${protocol.toUpperCase()} ${port} from ${from} on ${machine.name}`;
}

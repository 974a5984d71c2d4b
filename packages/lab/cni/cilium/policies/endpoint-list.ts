import { memberOf } from "../../../network/policy/guard.ts";
import { guards, type NetworkPolicyObject } from "../../../network/policy/kubernetes-policy.ts";
import type { Direction } from "../../../network/policy/traffic.ts";
import type { KubeObject, Store } from "../../../objects.ts";
import type { PodObject } from "../../kinds.ts";
import { sandboxLink } from "../../sandbox-link.ts";
import type { AgentLife } from "../agent.ts";
import { datapathOf } from "../datapath.ts";
import { isClosed } from "./own-policies.ts";

interface EndpointObject extends KubeObject {
  readonly status?: {
    readonly id?: number;
    readonly state?: string;
    readonly identity?: { readonly id?: number; readonly labels?: readonly string[] };
  };
}

const ipOf = ({ status }: PodObject) => status?.podIP ?? "";

/** cilium-dbg endpoint list -o json, in upstream's field names; only what the lab models. */
export function endpointList(life: AgentLife): readonly object[] {
  const { machine, store } = life.context;
  const pods = store.podsOn<PodObject>(machine.name).filter((pod) => machine.links.has(sandboxLink("lxc", ipOf(pod))));
  const { routerIp = "", healthIp = "" } = life.range ?? {};
  return [
    endpoint(life, { id: 1, ip: routerIp, labels: ["reserved:host"] }),
    endpoint(life, { id: 2, ip: healthIp, labels: ["reserved:health"] }),
    ...pods.map((pod) => podEndpoint(life, pod)),
  ];
}

interface Seen {
  readonly id: number;
  readonly ip: string;
  readonly labels: readonly string[];
  readonly pod?: PodObject;
  readonly isBorn?: boolean;
}

function podEndpoint(life: AgentLife, pod: PodObject): object {
  const { store } = life.context;
  const { namespace = "default", name } = pod.metadata;
  const known = store.get<EndpointObject>("cilium.io/ciliumendpoints", namespace, name)?.status ?? {};
  const { id = 0, state, identity = {} } = known;
  const ofNamespace = Object.entries(memberOf(store, pod).namespaceLabels).map(
    ([key, value]) => `k8s:io.cilium.k8s.namespace.labels.${key}=${value}`,
  );
  const labels = [...(identity.labels ?? []), ...ofNamespace];
  return endpoint(life, { id, ip: ipOf(pod), labels, pod, isBorn: state === "ready" });
}

function endpoint({ context, policies }: AgentLife, { id, ip, labels, pod, isBorn = true }: Seen): object {
  const { machine, store } = context;
  const ready = isBorn && !policies.building;
  const options = {
    PolicyAuditMode: policies.wanted.audits ? "Enabled" : "Disabled",
    PolicyVerdictNotification: "Enabled",
  };
  const state = ready ? "ready" : isBorn ? "regenerating" : "waiting-for-identity";
  const message = ready
    ? "Successfully regenerated endpoint program (Reason: agent configuration update)"
    : "Regenerating endpoint: agent configuration update";
  const datapath = datapathOf(machine);
  const enabled = pod && datapath ? policyEnabled(store, pod, datapath) : "none";
  return {
    id,
    spec: { "label-configuration": {}, options },
    status: {
      "external-identifiers":
        pod === undefined
          ? { "pod-name": "/" }
          : {
              "k8s-namespace": pod.metadata.namespace,
              "k8s-pod-name": pod.metadata.name,
              "pod-name": `${pod.metadata.namespace}/${pod.metadata.name}`,
            },
      identity: { id, labels },
      log: [
        { code: "OK", message, state, timestamp: new Date(policies.builtAt).toISOString().replace(/\.\d+Z$/, "Z") },
      ],
      networking: { addressing: [{ ipv4: ip }] },
      policy: { realized: { id, "policy-enabled": enabled } },
      realized: { options },
      state,
    },
  };
}

const both: readonly Direction[] = ["Ingress", "Egress"];

/** none, ingress, egress, both, and with audit mode each with "audit-" before it. */
function policyEnabled(
  store: Store,
  pod: PodObject,
  { enforcement, audits }: { readonly enforcement: string; readonly audits?: boolean },
): string {
  if (enforcement === "never") return "none";
  const member = memberOf(store, pod);
  const policies = store.list<NetworkPolicyObject>("networking.k8s.io/networkpolicies", member.namespace);
  const held = both.filter(
    (direction) =>
      enforcement === "always" ||
      isClosed(store, member, direction) ||
      policies.some((policy) => guards(policy, member, direction)),
  );
  if (held.length === 0) return "none";
  const word = held.length === both.length ? "both" : (held[0] ?? "").toLowerCase();
  return audits === true ? `audit-${word}` : word;
}

import { pause } from "../../clock.ts";
import type { KubeObject, Store } from "../../objects.ts";
import type { ContainerContext, Program } from "../../program.ts";
import { type ProgramWorld, untilApiAnswers } from "../api-access.ts";
import { inBackground } from "../background.ts";
import { isEstablished } from "../cilium/crd-state.ts";
import { resourceOf } from "../resource-of.ts";
import { calicoDefinitions, group } from "./definitions.ts";
import { isServed, resource } from "./kinds.ts";
import { type Installation, installed, systemNamespace, usesBgp } from "./operator-objects.ts";

const installations = "operator.tigera.io/installations";
const statuses = "operator.tigera.io/tigerastatuses";
const everyMs = 2_000;

/** Makes what the Installation asks for, and puts it back for as long as it runs, whoever changed or deleted it. */
export function tigeraOperator({ network }: ProgramWorld): Program {
  return {
    name: "tigera-operator",
    matches: (image) => /tigera\/operator(:|@|$)/.test(image),
    start(context, crash) {
      let cancel = () => {};
      inBackground(context, crash, async () => {
        await untilApiAnswers(context, network);
        await pause(context.clock, context.random.between(300, 900), context.signal);
        if (context.signal.aborted) return;
        cancel = context.clock.every(everyMs, () => context.machine.up && reconcile(context));
        reconcile(context);
      });
      return { ready: () => true, stop: () => cancel() };
    },
  };
}

function reconcile(context: ContainerContext): void {
  const { store } = context;
  const isThere = isEstablished(store, "installations.operator.tigera.io");
  const installation = isThere ? store.get<Installation>(installations, null, "default") : undefined;
  if (!installation) return;
  if (installation.metadata.deletionTimestamp) tearDown(store, installation);
  else install(context, installation);
}

function install(context: ContainerContext, installation: Installation): void {
  const { store } = context;
  hold(store, installation);
  for (const definition of calicoDefinitions()) ensure(store, definition);
  if (!isServed(store)) return;
  ensurePools(store, installation);
  for (const object of installed(installation)) ensure(store, object);
  writeStatus(context, installation);
}

const cleanup = "tigera.io/operator-cleanup";

/** The Installation does not go before what it installed: without its operator it stays for good. */
function hold(store: Store, { metadata }: Installation): void {
  if (metadata.finalizers?.includes(cleanup)) return;
  store.change(installations, null, metadata.name, (copy) => {
    copy.metadata.finalizers = [...(copy.metadata.finalizers ?? []), cleanup];
  });
}

/** First what runs; accounts and roles of the CNI's are kept for as long as a pod of it is there. */
function tearDown(store: Store, installation: Installation): void {
  const all = installed(installation).toReversed();
  for (const object of all) {
    if (object.kind !== "Namespace")
      store.delete(resourceOf(object), object.metadata.namespace ?? null, object.metadata.name);
  }
  if (store.list("pods", systemNamespace).length > 0) return;
  for (const object of all) {
    if (object.metadata.finalizers === undefined) continue;
    const { namespace = null, name } = object.metadata;
    store.change(resourceOf(object), namespace, name, (copy) => {
      copy.metadata.finalizers = [];
    });
  }
  store.delete("namespaces", null, systemNamespace);
  store.change(installations, null, installation.metadata.name, (copy) => {
    copy.metadata.finalizers = (copy.metadata.finalizers ?? []).filter((each) => each !== cleanup);
  });
}

/** What the operator does not say in an object it leaves there; what it says it puts back. */
function ensure(store: Store, wanted: KubeObject): void {
  const { namespace = null, name } = wanted.metadata;
  const of = resourceOf(wanted);
  const current = store.get(of, namespace, name);
  if (!current) {
    if (namespace === null || store.get("namespaces", null, namespace)) store.create(of, wanted, { manager });
    return;
  }
  if (current.metadata.deletionTimestamp) return;
  const parts = ["spec", "data", "rules", "subjects"].filter(
    (part) => wanted[part] !== undefined && !covers(current[part], wanted[part]),
  );
  if (parts.length === 0 || wanted.kind === "CustomResourceDefinition") return;
  store.change(
    of,
    namespace,
    name,
    (copy) => {
      for (const part of parts) copy[part] = structuredClone(wanted[part]);
    },
    { manager },
  );
}

const manager = "tigera-operator";

/** Whether all that is wanted is there, whatever else was added, as defaults are. */
function covers(current: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(current) &&
      current.length === wanted.length &&
      wanted.every((each, at) => covers(current[at], each))
    );
  }
  if (typeof wanted !== "object" || wanted === null) return current === wanted;
  if (typeof current !== "object" || current === null) return false;
  return Object.entries(wanted).every(([key, value]) => covers((current as Record<string, unknown>)[key], value));
}

const modes: Readonly<Record<string, { readonly ipipMode: string; readonly vxlanMode: string }>> = {
  IPIP: { ipipMode: "Always", vxlanMode: "Never" },
  IPIPCrossSubnet: { ipipMode: "CrossSubnet", vxlanMode: "Never" },
  VXLAN: { ipipMode: "Never", vxlanMode: "Always" },
  VXLANCrossSubnet: { ipipMode: "Never", vxlanMode: "CrossSubnet" },
};

function ensurePools(store: Store, { spec }: Installation): void {
  for (const { name = "default-ipv4-ippool", cidr, encapsulation = "IPIP", blockSize = 26 } of spec.calicoNetwork
    ?.ipPools ?? []) {
    if (store.get(resource("ippools"), null, name)) continue;
    store.create(
      resource("ippools"),
      {
        apiVersion: `${group}/v1`,
        kind: "IPPool",
        metadata: { name, labels: { "app.kubernetes.io/managed-by": "tigera-operator" } },
        spec: {
          allowedUses: ["Workload", "Tunnel"],
          blockSize,
          cidr,
          ...(modes[encapsulation] ?? { ipipMode: "Never", vxlanMode: "Never" }),
          natOutgoing: true,
          nodeSelector: "all()",
        },
      },
      { manager },
    );
  }
}

function writeStatus({ store, clock }: ContainerContext, installation: Installation): void {
  const computed = {
    variant: "Calico",
    cni: { type: "Calico", ipam: { type: "Calico" } },
    kubernetesProvider: "",
    ...installation.spec,
    calicoNetwork: {
      bgp: usesBgp(installation) ? "Enabled" : "Disabled",
      linuxDataplane: "Iptables",
      hostPorts: "Enabled",
      nodeAddressAutodetectionV4: { firstFound: true },
      ...installation.spec.calicoNetwork,
    },
  };
  if (!covers(installation.status, { computed })) {
    const write = (copy: Installation) => {
      copy.status = { ...copy.status, calicoVersion: "v3.31.7", variant: "Calico", mtu: 1450, computed };
    };
    store.change<Installation>(installations, null, "default", write, { manager, subresource: "status" });
  }
  if (!store.get(statuses, null, "calico")) createStatus(store, new Date(clock.now()).toISOString());
}

function createStatus(store: Store, at: string): void {
  const condition = (type: string, status: string) => ({
    type,
    status,
    reason: "AllObjectsAvailable",
    message: "All Objects Available",
    lastTransitionTime: at.replace(/\.\d+Z$/, "Z"),
  });
  const conditions = [
    condition("Available", "True"),
    condition("Progressing", "False"),
    condition("Degraded", "False"),
  ];
  const head = { apiVersion: "operator.tigera.io/v1", kind: "TigeraStatus", metadata: { name: "calico" } };
  store.create(statuses, { ...head, spec: {} }, { manager });
  store.change(
    statuses,
    null,
    "calico",
    (copy) => {
      copy.status = { conditions };
    },
    { manager, subresource: "status" },
  );
}

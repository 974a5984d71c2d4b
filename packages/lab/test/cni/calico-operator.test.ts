import { afterAll, beforeAll, expect, test } from "vitest";
import { isReady, type NodeObject, type PodObject } from "../../cni/kinds.ts";
import type { KubeObject } from "../../objects.ts";
import { type CiliumLab, ciliumLab } from "../support/cilium-lab.ts";
import { broken } from "../support/pairs.ts";

let world: CiliumLab;
beforeAll(async () => {
  world = await ciliumLab({ source: "calico-operator", backend: "vxlan" });
});
afterAll(async () => {
  await world?.stop();
  expect(world?.faults).toEqual([]);
});

type DaemonSet = KubeObject & { spec: { template: PodObject } };
const installations = "operator.tigera.io/installations";
const daemonSet = () => world.lab.store.get<DaemonSet>("apps/daemonsets", "calico-system", "calico-node");
const pods = () => world.lab.store.list<PodObject>("pods", "calico-system");
const method = () =>
  daemonSet()?.spec.template.spec.containers[0]?.env?.find(({ name }) => name === "IP_AUTODETECTION_METHOD")?.value;
const scale = (replicas: number) =>
  world.lab.store.change<KubeObject & { spec: { replicas: number } }>(
    "apps/deployments",
    "tigera-operator",
    "tigera-operator",
    (copy) => {
      copy.spec.replicas = replicas;
    },
  );
const ready = (count: number) => () => pods().filter(isReady).length === count && pods().length === count;

test("it installs what the Installation asks for", () => {
  const { store } = world.lab;
  expect(ready(4)()).toBe(true);
  expect(broken(world)).toEqual([]);
  expect(store.get(installations, null, "default")).toMatchObject({
    metadata: { finalizers: ["tigera.io/operator-cleanup"] },
    status: {
      calicoVersion: "v3.31.7",
      computed: { cni: { type: "Calico" }, calicoNetwork: { bgp: "Disabled", linuxDataplane: "Iptables" } },
    },
  });
  expect(store.get("crd.projectcalico.org/ippools", null, "default-ipv4-ippool")).toMatchObject({
    spec: { cidr: "10.244.0.0/16", vxlanMode: "Always", natOutgoing: true },
  });
  expect(store.get("operator.tigera.io/tigerastatuses", null, "calico")).toBeDefined();
  expect(store.get("operator.tigera.io/apiservers", null, "default")).toBeDefined();
  expect(method()).toBe("first-found");
});

test("a change of the DaemonSet is undone within seconds, one of the Installation rolls it", async () => {
  world.lab.store.change<DaemonSet>("apps/daemonsets", "calico-system", "calico-node", (copy) => {
    const [container] = copy.spec.template.spec.containers;
    if (container)
      (container as { env: unknown }).env = [{ name: "IP_AUTODETECTION_METHOD", value: "interface=eth.*" }];
  });
  await world.clock.advance(5_000);
  expect(method()).toBe("first-found");
  world.lab.store.change<KubeObject & { spec: { calicoNetwork: Record<string, unknown> } }>(
    installations,
    null,
    "default",
    (copy) => {
      copy.spec.calicoNetwork.nodeAddressAutodetectionV4 = { kubernetes: "NodeInternalIP" };
    },
  );
  await world.until("the method to change", () => method() === "kubernetes-internal-ip");
  await world.clock.advance(60_000);
  expect(ready(4)()).toBe(true);
  expect(broken(world)).toEqual([]);
});

test("what is deleted comes back for as long as it runs", async () => {
  const { store } = world.lab;
  const before = daemonSet()?.metadata.uid;
  store.delete("apps/daemonsets", "calico-system", "calico-node");
  await world.until("the DaemonSet to be back", () => ![undefined, before].includes(daemonSet()?.metadata.uid));
  await world.until("its pods to be ready", ready(4));
  scale(0);
  await world.until("the operator to be gone", () => store.list("pods", "tigera-operator").length === 0);
  store.delete("apps/daemonsets", "calico-system", "calico-node");
  store.delete("serviceaccounts", "calico-system", "calico-node");
  await world.clock.advance(60_000);
  expect(daemonSet()).toBeUndefined();
  expect(store.get("serviceaccounts", "calico-system", "calico-node")?.metadata).toMatchObject({
    deletionTimestamp: expect.any(String),
    finalizers: ["tigera.io/cni-protector"],
  });
});

test("the Installation goes only with its operator, which takes all along", async () => {
  const { store } = world.lab;
  store.delete(installations, null, "default");
  await world.clock.advance(30_000);
  expect(store.get(installations, null, "default")).toBeDefined();
  scale(1);
  await world.until("the Installation to be gone", () => !store.get(installations, null, "default"));
  await world.until("its namespace to be gone", () => !store.get("namespaces", null, "calico-system"));
  expect(store.get("rbac.authorization.k8s.io/clusterroles", null, "calico-node")).toBeUndefined();
  const conditions = store
    .list<NodeObject>("nodes")
    .map(({ status }) => status?.conditions?.find(({ type }) => type === "NetworkUnavailable"));
  expect(conditions.map((condition) => condition?.reason)).toEqual(["CalicoIsDown", "CalicoIsDown", "CalicoIsDown"]);
});

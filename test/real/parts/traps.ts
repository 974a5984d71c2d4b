import { begins, type EngineProcess } from "../engine-process.ts";
import type { Part } from "../part.ts";
import type { TestBed } from "../test-bed.ts";
import { oldCni } from "./whole-way.ts";

const detection = "IP_AUTODETECTION_METHOD";

const setDetection = (bed: TestBed, namespace: string, value: string) =>
  bed.kubectl("-n", namespace, "set", "env", "daemonset/calico-node", "-c", "calico-node", `${detection}=${value}`);

/** Waits for an event that says it waits, or failed, and for what. */
async function saysSo(engine: EngineProcess, what: RegExp, from: number, limitMs: number): Promise<boolean> {
  const tells = (event: { readonly type: string }) =>
    /held|failed|finished|log/.test(event.type) && what.test(JSON.stringify(event));
  return engine.until(String(what), tells, { from, limitMs }).then(
    () => true,
    () => false,
  );
}

/** Host policies that let everything pass but Cilium's tunnel: preflight says so before anything is done. */
async function hostPolicy(bed: TestBed): Promise<void> {
  const [node = ""] = await bed.workers();
  const allowed = (protocol: string, ports?: readonly number[]) => ({
    action: "Allow",
    protocol,
    ...(ports === undefined ? {} : { destination: { ports } }),
  });
  const objects = [
    {
      apiVersion: "crd.projectcalico.org/v1",
      kind: "GlobalNetworkPolicy",
      metadata: { name: "crossfade-real-hosts" },
      spec: {
        order: 10,
        selector: "crossfade-real == 'host'",
        types: ["Ingress"],
        ingress: [allowed("TCP"), allowed("ICMP"), allowed("UDP", [53, 4789])],
      },
    },
    {
      apiVersion: "crd.projectcalico.org/v1",
      kind: "HostEndpoint",
      metadata: { name: "crossfade-real-host", labels: { "crossfade-real": "host" } },
      spec: { node, interfaceName: "eth0", expectedIPs: [await bed.addressOf(node)] },
    },
  ];
  try {
    await bed.apply(objects);
    const { code, out } = await bed.crossfade(["preflight", ...bed.options.flags]);
    bed.tally.check("a host policy that drops the tunnel is a blocker (4)", code === 4, out);
    bed.tally.check("and it is named", /crossfade-real-host/.test(out), out);
  } finally {
    await bed.kubectl("delete", "hostendpoints.crd.projectcalico.org", "crossfade-real-host", "--ignore-not-found");
    await bed.kubectl(
      "delete",
      "globalnetworkpolicies.crd.projectcalico.org",
      "crossfade-real-hosts",
      "--ignore-not-found",
    );
  }
}

/** Somebody sets address detection back while nodes move. */
async function unpinned(bed: TestBed, namespace: string): Promise<EngineProcess> {
  const engine = bed.migrate("nodes", { exclude: await bed.allButTwo() });
  await engine.until("the first node's reboot", begins("reboot"), { limitMs: 1_800_000, from: 0 });
  const from = engine.events.length;
  await setDetection(bed, namespace, "first-found");
  const named = await saysSo(engine, /IP_AUTODETECTION|address detection|IPv4Address/i, from, 600_000);
  bed.tally.check("address detection that was set back is named before the next node", named, engine.last());
  await setDetection(bed, namespace, "kubernetes-internal-ip");
  await bed.kubectl("-n", namespace, "rollout", "status", "daemonset/calico-node", "--timeout=180s");
  return engine;
}

/** What goes wrong with Calico beside Cilium, each done on purpose. */
export const traps: Part = {
  name: "traps",
  summary:
    "on Calico: a host policy that drops the tunnel, address detection set back in mid-run, Cilium's operator away at the removal; not given back",
  onlyByName: true,
  async run(bed) {
    const { tally } = bed;
    const { cni, namespace } = await oldCni(bed);
    if (cni !== "Calico") throw new Error(`this part is of Calico, and the cluster is on ${cni}`);
    await hostPolicy(bed);
    const engine = await unpinned(bed, namespace);
    if (!engine.isOver) await engine.end(1_800_000);
    const excluded = await bed.allButTwo();
    const rest = bed.start(["include", ...excluded.slice(0, 1), "--consent", "nodes"]);
    await rest.end(1_800_000);
    for (const node of excluded.slice(1)) await bed.start(["include", node, "--consent", "nodes"]).end(1_800_000);
    const last = bed.start(["migrate", "--headless", "--consent", "nodes,finalize"]);
    tally.check("all nodes are moved and finalized (3)", (await last.end(1_800_000)) === 3, last.last());
    await bed.kubectl("-n", "kube-system", "scale", "deployment/cilium-operator", "--replicas=0");
    const removing = bed.start(["migrate", "--headless", "--consent", "nodes,finalize,remove-source"]);
    const waits = await saysSo(removing, /cilium-operator|operator/i, 0, 300_000);
    tally.check("without Cilium's operator nothing of Calico is removed, and it says why", waits, removing.last());
    const sets = await bed.kubectl("get", "daemonsets", "-A", "--no-headers");
    tally.check("calico-node is still there", sets.includes("calico-node"), sets);
    await bed.kubectl("-n", "kube-system", "scale", "deployment/cilium-operator", "--replicas=1");
    const code = await removing.end(1_800_000);
    tally.check("with it again, it goes on to the end (0)", code === 0, `${removing.complaints}\n${removing.last()}`);
    const taints = await bed.kubectl("get", "nodes", "-o", "jsonpath={.items[*].spec.taints[*].key}");
    tally.check("no node is tainted network-unavailable", !taints.includes("network-unavailable"), taints);
  },
};

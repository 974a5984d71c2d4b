import { afterEach, expect, test } from "vitest";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { World } from "../../support/lab/lab-run.ts";
import { textOf } from "../../support/log-line.ts";

let world: World;
afterEach(() => world.close());

const namespace = "kube-flannel";

/** What of Flannel a machine, and its Node, have. */
function flannelOn(name: string): readonly string[] {
  const machine = world.lab.machines.get(name);
  if (!machine) throw new Error(`no machine ${name}`);
  const annotations = world.lab.store.get("nodes", null, name)?.metadata.annotations ?? {};
  return [
    ...[...machine.disk.keys()].filter((path) => /flannel|cbr0/.test(path)),
    ...[...machine.routes].flatMap(([to, via]) => (to.startsWith("10.244.") ? [`route ${to} ${via}`] : [])),
    ...[...machine.links.keys()].filter((link) => /^cni0|^flannel/.test(link)),
    ...[...machine.chains.keys()].filter((chain) => chain.includes("FLANNEL")),
    ...[...machine.nftTables.keys()].filter((table) => table.includes("flannel")),
    ...Object.keys(annotations).filter((key) => key.includes("flannel")),
  ];
}

/** As EnableNFTables in net-conf.json, for pods that start from now on. */
async function useNftTables(): Promise<void> {
  world.lab.store.change("configmaps", namespace, "kube-flannel-cfg", (copy) => {
    const data = copy["data"] as Record<string, string>;
    data["net-conf.json"] = (data["net-conf.json"] ?? "").replace('"EnableNFTables": false', '"EnableNFTables": true');
  });
  for (const { metadata } of world.lab.store.list("pods", namespace))
    world.lab.store.remove("pods", namespace, metadata.name, metadata.uid);
  await world.until("Flannel to write its tables", () =>
    [...world.lab.machines.values()].every(({ nftTables }) => nftTables.size > 0),
  );
}

const foreign = [
  ["secrets", "v1", "Secret"],
  ["configmaps", "v1", "ConfigMap"],
  ["persistentvolumeclaims", "v1", "PersistentVolumeClaim"],
] as const;

test("all that is Flannel's goes from nodes and Nodes, by name; what others own stays, by name", async () => {
  world = await World.make({ backend: "host-gw", seed: 43, speed: 40 });
  const { lab } = world;
  await useNftTables();
  const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } };
  for (const [resource, apiVersion, kind] of foreign) {
    const claim = kind === "PersistentVolumeClaim" ? { spec } : {};
    lab.store.create(resource, { apiVersion, kind, metadata: { name: "someone-elses", namespace }, ...claim });
  }
  const cluster = new ClusterView(lab);
  const worker = lab.machines.get("worker-1");
  // A container that nobody tore down, and an administrator's own route.
  worker?.disk.set("/var/lib/cni/networks/cbr0/10.244.1.99", "0123abcd\neth0");
  worker?.disk.set("/var/lib/cni/flannel/0123abcd", "{}");
  worker?.routes.set("10.9.0.0/16", lab.machines.get("worker-2")?.ip ?? "");
  const before = flannelOn("worker-1");
  for (const what of ["/run/flannel/subnet.env", "/opt/cni/bin/flannel", "ip flannel-ipv4", "flannel.alpha.coreos.com"])
    expect(before.join("\n")).toContain(what);
  expect(before.filter((one) => one.startsWith("route "))).toHaveLength(3);

  const run = world.start({ input: { reboot: { method: "none" } } });
  expect(await run.end(150_000)).toBe("migrated");

  expect(Object.fromEntries(cluster.nodeNames.map((name) => [name, flannelOn(name)]))).toEqual(
    Object.fromEntries(cluster.nodeNames.map((name) => [name, []])),
  );
  expect(worker?.routes.get("10.9.0.0/16")).toBeDefined();
  expect(worker?.disk.has("/opt/cni/bin/bridge")).toBe(true);
  expect(cluster.ours).toEqual([]);
  const told = run.of("leftovers").filter(({ node }) => node === "worker-1");
  expect(told.map(({ left, unseen }) => ({ left, unseen }))).toEqual([{ left: [], unseen: [] }]);
  expect(told[0]?.looked).toEqual(expect.arrayContaining(["routes", "nft table ip flannel-ipv4", "/run/flannel"]));
  const log = run.of("log").map(textOf);
  expect(log.find((text) => text.startsWith("removing from worker-1"))).toContain(
    "reserved addresses that no pod has: 10.244.1.99",
  );

  const planned = run.state.plan?.changes.filter(({ phase }) => phase === "clean-nodes").map(({ name }) => name);
  expect(planned).toEqual(
    expect.arrayContaining(["/run/flannel/*", "/var/lib/cni/networks/cbr0/*", "flannel.alpha.coreos.com/*"]),
  );
  const source = run.state.plan?.source;
  expect(source).toMatchObject({
    ownsNamespace: false,
    namespaceKeepers: foreign.map(([, , kind]) => `${kind} someone-elses`).toSorted(),
  });
  expect(lab.store.get("namespaces", null, namespace)?.metadata.deletionTimestamp).toBeUndefined();
  for (const [resource] of foreign) expect(lab.store.get(resource, namespace, "someone-elses")).toBeDefined();
});

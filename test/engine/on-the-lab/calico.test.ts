import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type LabRun, World } from "../../support/lab/lab-run.ts";

let world: World;
afterEach(() => world.close());

/** What of Calico a machine and its Node have, its plugins and what it wrote to the disk too. */
function calicoOn(name: string): readonly string[] {
  const machine = world.lab.machines.get(name);
  if (!machine) throw new Error(`no machine ${name}`);
  const node = world.lab.store.get("nodes", null, name);
  return [
    ...[...machine.disk.keys()].filter(
      (path) => !path.startsWith("/sys/") && /calico|nodeagent|k8s-pod-network/.test(path),
    ),
    ...[...machine.links.keys()].filter((link) => /^cali|calico$/.test(link)),
    // The kernel's own: it cannot be deleted, so it is emptied.
    ...[...machine.links.values()].flatMap(({ name: link, address }) =>
      link === "tunl0" && address !== null ? [`tunl0 ${address}`] : [],
    ),
    ...[...machine.routes].flatMap(([to, via]) => (to.startsWith("10.244.") ? [`route ${to} ${via}`] : [])),
    ...[...machine.chains.keys()].filter((chain) => chain.includes("/cali-")),
    ...[...machine.chains.values()].flat().filter((rule) => rule.includes("cali:")),
    ...[...machine.ipsets.keys()].filter((set) => set.startsWith("cali")),
    ...Object.keys(node?.metadata.annotations ?? {}).filter((key) => key.includes("projectcalico.org")),
  ];
}

/** The modes of the pools that Calico has there: what a backend of the lab comes down to. */
const poolModes = () =>
  world.lab.store.list("crd.projectcalico.org/ippools").map((pool) => {
    const { vxlanMode = "Never", ipipMode = "Never" } = pool["spec"] as Record<string, string>;
    return `vxlan ${vxlanMode}, ipip ${ipipMode}`;
  });

/** The objects of its own kinds that were saved before they went with their CRDs. */
function savedBy(run: LabRun): string {
  const [note] = run.of("log").flatMap((line) => (line.note.code === "source-saved" ? [line.note] : []));
  return readFileSync(join(note?.params.folder ?? "", "source-instances.yaml"), "utf8");
}

const rbac = "rbac.authorization.k8s.io";
const namedKinds = ["namespaces", `${rbac}/clusterroles`, `${rbac}/clusterrolebindings`];
const namesOf = (...kinds: readonly string[]) =>
  kinds.flatMap((kind) => world.lab.store.list(kind).map(({ metadata }) => metadata.name));

test.each([
  ["calico-manifest", "vxlan", 1, ["vxlan Always, ipip Never"]],
  ["calico-manifest", "vxlan-crosssubnet", 2, ["vxlan CrossSubnet, ipip Never"]],
  ["calico-manifest", "ipip", 1, ["vxlan Never, ipip Always"]],
  ["calico-operator", "vxlan", 1, ["vxlan Always, ipip Never"]],
  ["calico-operator", "vxlan-crosssubnet", 1, ["vxlan CrossSubnet, ipip Never"]],
  ["canal", "vxlan", 1, []],
] as const)(
  "%s with %s, machines in %i subnets: ends wholly on Cilium, and nothing of Calico stays",
  async (...row) => {
    const [source, backend, subnets, modes] = row;
    world = await World.make({ source, backend, subnets, seed: 61, speed: 40 });
    expect(poolModes()).toEqual(modes);
    const run = world.start({ input: { reboot: { method: "none" } } });
    expect(await run.end(150_000)).toBe("migrated");
    expect(run.of("log").map((line) => line.note.code)).toContain("pod-mtus-proven");
    if (source !== "canal") {
      expect(savedBy(run)).toMatch(/^kind: IPPool$/m);
      expect(namesOf(...namedKinds).filter((name) => /calico|tigera/.test(name))).toEqual([]);
    }
    const names = [...world.lab.machines.keys()];
    expect(Object.fromEntries(names.map((name) => [name, calicoOn(name)]))).toEqual(
      Object.fromEntries(names.map((name) => [name, []])),
    );
    for (const node of world.lab.store.list("nodes")) {
      expect(JSON.stringify(node["spec"])).not.toContain("network-unavailable");
      expect(JSON.stringify(node["status"])).not.toContain("CalicoIs");
    }
    expect(
      world.lab.store.list("apiextensions.k8s.io/customresourcedefinitions").map(({ metadata }) => metadata.name),
    ).not.toContainEqual(expect.stringContaining("calico"));
  },
);

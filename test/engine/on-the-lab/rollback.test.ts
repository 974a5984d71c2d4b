import { afterEach, expect, test } from "vitest";
import { expectOld } from "../../support/lab/expect-old.ts";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { type LabRun, World } from "../../support/lab/lab-run.ts";
import { textOf } from "../../support/log-line.ts";
import { endedWith, said } from "../../support/said.ts";

let world: World;
let cluster: ClusterView;
afterEach(() => world.close());

async function open(setup: Parameters<typeof World.make>[0]): Promise<void> {
  world = await World.make(setup);
  cluster = new ClusterView(world.lab);
}

/** Nothing of a run is left but its record. */
async function expectAllOld(cordoned: readonly string[]): Promise<void> {
  for (const node of cluster.nodeNames) await expectOld(world, node, cordoned.includes(node));
  expect({
    releases: cluster.releases,
    tainted: cluster.tainted,
    nodeConfigs: cluster.nodeConfigs,
    ours: cluster.ours,
    agents: cluster.pods().filter(({ metadata }) => metadata.name.startsWith("cilium")),
  }).toEqual({ releases: [], tainted: [], nodeConfigs: [], ours: [], agents: [] });
  expect((await world.ports().records.run())?.finished?.outcome).toBe("rolled-back");
  expect(await world.ports().lock.state()).toBeNull();
}

const ciliumFiles = ["/opt/cni/bin/cilium-cni", "/etc/sysctl.d/99-zzz-override_cilium.conf"];

/** What was told of each machine at the end is what is there: files are gone, the rest is named. */
function expectLeftIsTold(run: LabRun): void {
  const { machines, store } = world.lab;
  const told = new Map(run.of("leftovers").map((event) => [event.node, event]));
  expect([...told.keys()].toSorted()).toEqual([...machines.keys()].toSorted());
  for (const [name, { disk, links }] of machines) {
    const { of, left, unseen, looked } = told.get(name) ?? { left: [], unseen: [] };
    expect(ciliumFiles.filter((path) => disk.has(path))).toEqual([]);
    expect({ of, looked }).toMatchObject({ of: "cilium", looked: expect.arrayContaining(["links", ...ciliumFiles]) });
    expect(left.some((one) => one.startsWith("links cilium_host"))).toBe(links.has("cilium_host"));
    const pinned = [...disk.keys()].some((path) => path.startsWith("/sys/fs/bpf/cilium/"));
    expect(left.some((one) => one.startsWith("BPF programs below /sys/fs/bpf/cilium"))).toBe(pinned);
    expect(unseen).toEqual([expect.stringContaining("iptables chains"), expect.stringContaining("/run/cilium")]);
  }
  expect(store.get("coordination.k8s.io/leases", "kube-system", "cilium-operator-resource-lock")).toBeUndefined();
  const log = run.of("log").map(textOf);
  const inApi = log.filter((text) => text.startsWith("left of Cilium in the API"));
  expect(inApi).toEqual([expect.stringContaining("ciliumnodes.cilium.io")]);
}

test("everything is undone in mid-move after two nodes, and again once Cilium was made the cluster's CNI", async () => {
  await open({ seed: 22 });
  world.lab.store.change("nodes", null, "control-plane-1", (copy) => {
    copy["spec"] = { ...(copy["spec"] as object), unschedulable: true };
  });
  const first = world.start({
    consents: ["nodes"],
    onEvent: (event, run) => {
      if (event.type === "node-step-started" && event.node === "control-plane-1" && event.step === "reboot")
        void run.engine.ask({ request: "rollback-all", by: "tester" });
    },
  });
  expect(await first.end()).toBe("rolled-back");
  await expectAllOld(["control-plane-1"]);
  expectLeftIsTold(first);
  // A consent that was given when the engine was started is asked for and waited for by nobody.
  expect(first.of("consent-asked")).toEqual([]);
  const held = first.of("node-held").flatMap(({ hold }) => (hold === null ? [] : [said(hold).because]));
  expect(held.filter((because) => because.startsWith("your consent"))).toEqual([]);
  const second = world.start({ consents: ["nodes", "finalize"] });
  await second.until("the last consent to be asked for", ({ asking }) => asking === "remove-source");
  expect(cluster.nodeConfigs).toEqual([]);
  await second.ask({ request: "rollback-all", by: "tester" });
  expect(await second.end()).toBe("rolled-back");
  await expectAllOld(["control-plane-1"]);
  expectLeftIsTold(second);
});

test("one node is undone by a command of its own while no engine runs, and the run goes on without it", async () => {
  await open({ seed: 23 });
  const first = world.start({
    consents: ["nodes"],
    onEvent: (event, { engine }) => {
      if (
        event.type === "node-step-started" &&
        event.node === engine.state().order[1] &&
        event.step === "restart-agent"
      )
        engine.stop();
    },
  });
  expect(await first.end()).toBe("interrupted");
  const [moved = "", half = ""] = first.state.order;
  const unattended = { attended: false, consents: [] } as const;
  const busy = world.start({ ...unattended, rollback: { node: moved } });
  await expect(busy.engine.ended).rejects.toMatchObject({ code: "ROLLBACK_IMPOSSIBLE" });
  const second = world.start({ ...unattended, rollback: { node: half } });
  expect(await second.end()).toBe("rolled-back");
  await expectOld(world, half, false);
  expect(cluster.activeFiles(moved)).toEqual(["05-cilium.conflist"]);
  expect((await world.ports().records.run())?.paused).toBe(true);
  const third = world.start({ attended: false, consents: ["nodes"] });
  expect(await third.end()).toBe("waiting");
  expect(endedWith(third.state)).toContain(`${half} to be included`);
  expect(cluster.activeFiles("control-plane-1")).toEqual(["05-cilium.conflist"]);
  expect(await world.start({ ...unattended, rollback: "all" }).end()).toBe("rolled-back");
  await expectAllOld([]);
});

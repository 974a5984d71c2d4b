import { expect, test } from "vitest";
import { type CiliumFound, judgeCilium } from "../../../src/engine/cleaning/cilium-leftovers.ts";
import { aNode, aPod } from "../../support/facts.ts";

const plugin = "/opt/cni/bin/cilium-cni";
const sysctls = "/etc/sysctl.d/99-zzz-override_cilium.conf";
const conf = (name: string, type: string) => ({ name, content: `{"plugins":[{"type": "${type}"}]}` });

/** A node on which Cilium ran, without a restart since. */
const found = (change: Partial<CiliumFound> = {}, folders: Partial<CiliumFound["folders"]> = {}): CiliumFound => ({
  folders: {
    plugins: { names: ["bridge", "cilium-cni", "loopback"] },
    sysctls: { names: ["10-network.conf", "99-zzz-override_cilium.conf"] },
    links: {
      names: ["eth0", "flannel.1", "cni0", "lxcbr0", "cilium_host", "cilium_net", "lxc_health", "lxc0123456789ab"],
    },
    programs: { names: ["devices", "socketlb"] },
    maps: { names: ["cilium_lxc", "someone_elses"] },
    ...folders,
  },
  conf: [conf("10-flannel.conflist", "flannel")],
  node: aNode("worker-1", { networkReason: "CiliumIsUp" }),
  pods: [],
  podCidr: "10.245.0.0/16",
  ...change,
});

const sentences: readonly (readonly [what: string, CiliumFound, left: readonly string[], remove: readonly string[]])[] =
  [
    [
      "a node that was not restarted",
      found(),
      [
        "links cilium_host, cilium_net, lxc_health, lxc0123456789ab: until the node's next restart",
        "BPF programs below /sys/fs/bpf/cilium (devices, socketlb), attached to devices: until the node's next restart",
        "1 BPF maps in /sys/fs/bpf/tc/globals: until the node's next restart",
        "condition NetworkUnavailable with reason CiliumIsUp: until the old CNI's daemon starts again",
      ],
      [plugin, sysctls],
    ],
  ];

const clean = { links: { names: ["eth0", "cni0"] }, programs: { names: [] }, maps: { names: [] } };
const quiet = { node: aNode("worker-1", { networkReason: "FlannelIsUp" }) };

const more: typeof sentences = [
  ["a node after its restart", found(quiet, clean), [], [plugin, sysctls]],
  [
    "a pod with an address of Cilium's keeps the plugin",
    found({ ...quiet, pods: [aPod("shop", "late", { node: "worker-1", ips: ["10.245.1.7"] })] }, clean),
    [expect.stringMatching(/cilium-cni: Pod .*late has an address of Cilium's/) as unknown as string],
    [sysctls],
  ],
  [
    "a pod with the host's address does not",
    found(
      { ...quiet, pods: [aPod("shop", "host", { node: "worker-1", ips: ["10.245.1.7"], hostNetwork: true })] },
      clean,
    ),
    [],
    [plugin, sysctls],
  ],
  [
    "a configuration that names the plugin keeps it",
    found({ ...quiet, conf: [conf("10-chained.conflist", "cilium-cni")] }, clean),
    [`${plugin}: 10-chained.conflist names it`],
    [sysctls],
  ],
  [
    "a configuration that no runtime reads does not",
    found(
      { ...quiet, conf: [conf("10-flannel.conflist", "flannel"), conf("87-podman.conflist.cilium_bak", "cilium-cni")] },
      clean,
    ),
    [expect.stringContaining("87-podman.conflist.cilium_bak: Cilium renamed it; not recorded") as unknown as string],
    [plugin, sysctls],
  ],
  [
    "a folder of configuration that could not be read keeps the plugin",
    found({ ...quiet, conf: { unseen: "no probe runs on the node" } }, clean),
    [`${plugin}: whether a CNI configuration names it is not known`],
    [sysctls],
  ],
  [
    "an annotation is named, and is its owner's",
    found(
      { node: aNode("worker-1", { networkReason: "", annotations: { "cilium.io/bgp-virtual-router.64512": "" } }) },
      clean,
    ),
    ["annotations cilium.io/bgp-virtual-router.64512: Cilium's, or set by a user for it"],
    [plugin, sysctls],
  ],
];

test.each([...sentences, ...more])("%s", (_what, one, left, remove) => {
  expect(judgeCilium(one)).toMatchObject({ left, remove });
});

test("what could not be looked at is in no sentence about what was, and is not removed", () => {
  const unseen = { unseen: "no pod of ours runs on the node" };
  const all = { plugins: unseen, sysctls: unseen, links: unseen, programs: unseen, maps: unseen };
  const judged = judgeCilium(found({ conf: unseen, ...quiet }, all));
  expect(judged).toMatchObject({ left: [], remove: [], looked: ["the Node's conditions and annotations"] });
  for (const place of ["links", "/sys/fs/bpf/cilium", plugin, sysctls, "CNI configuration"])
    expect(judged.unseen).toContain(`${place}: no pod of ours runs on the node`);
});

test("chains and /run/cilium are never said to have been looked at", () => {
  const { unseen, looked } = judgeCilium(found());
  expect(unseen).toEqual([expect.stringContaining("iptables chains CILIUM_*"), expect.stringContaining("/run/cilium")]);
  expect(looked.join()).not.toMatch(/iptables|\/run\/cilium/);
});

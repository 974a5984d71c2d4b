import { expect, test } from "vitest";
import type { LeftoverKinds } from "../../../src/engine/model/cluster/leftovers.ts";
import { hostWith, noKinds, nothingFound } from "../../support/a-host.ts";

const calico: LeftoverKinds = {
  ...noKinds,
  links: ["vxlan.calico", "tunl0"],
  routes: true,
  blackholeRoutes: true,
  chainPrefixes: ["cali-"],
  ruleComments: ["cali:"],
  ipsetPrefixes: ["cali40"],
  files: ["/var/log/calico/cni/cni.log", "/var/lib/cni/results/k8s-pod-network-*"],
};
const felix = `*filter
:FORWARD ACCEPT [0:0]
:cali-FORWARD - [0:0]
-A FORWARD -m comment --comment "cali:wUHhoiAYhphO9Mso" -j cali-FORWARD
-A FORWARD -m comment --comment "cali:S93hcgKJrXEqnTfs" -m comment --comment "Policy explicitly accepted packet." -m mark --mark 0x10000/0x10000 -j ACCEPT
-A FORWARD -m comment --comment "somebody's" -j ACCEPT
-A cali-FORWARD -m comment --comment "cali:vjrMJCRpqwy5oRoX" -j MARK --set-xmark 0x0/0xe0000
COMMIT
`;
const links = "1: lo: <LOOPBACK> mtu 65536\n4: vxlan.calico: <UP>\n5: tunl0@NONE: <NOARP,UP>\n";
const onCalico = {
  "iptables-nft-save": felix,
  "ip -o link show": links,
  "ip -4 route show":
    "blackhole 10.244.1.0/26 proto 80\nblackhole 10.9.0.0/16\nblackhole 10.8.0.0/16 proto static\n10.244.2.0/26 via 10.244.2.0 dev vxlan.calico onlink\n",
  "ls -1A /host/var/log/calico/cni": "cni.log\ncni-2.log\n",
  "ls -1A /host/var/lib/cni/results": "k8s-pod-network-ab-eth0\ncilium-cd-eth0\n",
};
const rule = "filter/FORWARD cali:S93hcgKJrXEqnTfs";

test("rules known by their comment, ipsets, blackholes and single files are found, and go in an order in which nothing is in use", async () => {
  const { hosts, ran } = hostWith({ ...onCalico, "ipset list -n": "cali40s:x\ncali40this-host\ncilium_node_set_v4\n" });
  const found = await hosts.leftovers("n", calico);
  expect(found).toEqual({
    ...nothingFound,
    links: ["vxlan.calico", "tunl0"],
    routes: [{ to: "10.244.2.0/26", via: "10.244.2.0" }],
    blackholes: ["10.244.1.0/26"],
    chains: ["filter/cali-FORWARD"],
    rules: [rule],
    ipsets: ["cali40s:x", "cali40this-host"],
    paths: ["/var/log/calico/cni/cni.log", "/var/lib/cni/results/k8s-pod-network-ab-eth0"],
  });
  ran.length = 0;
  expect(await hosts.clean("n", { ...found, routes: [] }, calico)).toEqual([]);
  expect(ran.filter((line) => !line.includes("-save"))).toEqual([
    "iptables-nft -w -t filter -D FORWARD -m comment --comment cali:wUHhoiAYhphO9Mso -j cali-FORWARD",
    "iptables-nft -w -t filter -D FORWARD -m comment --comment cali:S93hcgKJrXEqnTfs -m comment --comment Policy explicitly accepted packet. -m mark --mark 0x10000/0x10000 -j ACCEPT",
    "iptables-nft -w -t filter -F cali-FORWARD",
    "iptables-nft -w -t filter -X cali-FORWARD",
    "ipset destroy cali40s:x",
    "ipset destroy cali40this-host",
    "ip link delete dev vxlan.calico",
    // The kernel's own device: deleting it would answer "done", and do nothing.
    "ip -4 addr flush dev tunl0",
    "ip link set dev tunl0 down",
    "ip -4 route delete blackhole 10.244.1.0/26",
    "rm -f -- /host/var/log/calico/cni/cni.log",
    "rm -f -- /host/var/lib/cni/results/k8s-pod-network-ab-eth0",
  ]);
});

test("ipsets that nothing on the node can list are told as not looked at, and how they go", async () => {
  const { hosts } = hostWith(onCalico);
  const { ipsets, unseen } = await hosts.leftovers("n", calico);
  expect(ipsets).toEqual([]);
  expect(unseen).toEqual([
    "ipsets cali40*: the agent's image has no ipset; they do no harm and go with the next restart",
  ]);
});

test("a set that a rule of somebody's still names stays, and is no failure", async () => {
  const said = "ipset v7.19: Set cannot be destroyed: it is in use by a kernel component";
  const { hosts } = hostWith({ "ipset destroy cali40s:x": { stderr: said, exitCode: 1 } });
  await expect(hosts.clean("n", { ...nothingFound, ipsets: ["cali40s:x"] }, calico)).resolves.toEqual([]);
});

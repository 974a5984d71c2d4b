import { beforeEach, describe, expect, test } from "vitest";
import { VirtualClock } from "../../../clock.ts";
import { createMachine } from "../../../kubelet/machine-boot.ts";
import { ContainerFiles, type Mount } from "../../../kubelet/toolbox/container-files.ts";
import type { ToolScope } from "../../../kubelet/toolbox/tool.ts";
import { runTool } from "../../../kubelet/toolbox/toolbox.ts";
import type { Machine } from "../../../machine.ts";
import { seededRandom } from "../../../random.ts";

let machine: Machine;
let root: Map<string, string>;
let reboots: number;

beforeEach(() => {
  reboots = 0;
  root = new Map([["/data/readme", "one\ntwo\n"]]);
  machine = createMachine("worker-1", "172.18.0.3", seededRandom(1));
  machine.disk.set("/etc/cni/net.d/10-flannel.conflist", "{}\n");
  machine.disk.set("/etc/cni/net.d/05-cilium.conflist", '{"name":"cilium"}\n');
  machine.links.set("cni0", { name: "cni0", kind: "bridge", address: "10.244.1.1/24", owner: "flannel" });
  machine.links.set("flannel.1", { name: "flannel.1", kind: "vxlan", address: null, owner: "flannel" });
  machine.routes.set("10.244.1.0/24", "cni0").set("10.244.2.0/24", "flannel.1");
  machine.routes.set("10.244.95.0/26", "blackhole proto 80");
  machine.ipsets.set("odd40masq", new Set(["10.244.0.0/16"])).set("odd40all", new Set(["10.244.0.0/16"]));
  machine.chains.set("nat/odd-outgoing", ["-A odd-outgoing -m set --match-set odd40masq src -j MASQUERADE"]);
  machine.udpPorts.set(8472, "flannel.1");
  machine.chains.set("nat/FLANNEL-POSTRTG", ['-A FLANNEL-POSTRTG -m comment --comment "flanneld masq" -j RETURN']);
  machine.chains.set("nat/POSTROUTING", ['-A POSTROUTING -m comment --comment "flanneld masq" -j FLANNEL-POSTRTG']);
});

function scope(over: Partial<ToolScope> = {}): ToolScope {
  const mount = (at: string, base: string, readOnly = false): Mount => ({
    at,
    base,
    readOnly,
    files: machine.disk,
    isRoot: true,
  });
  return {
    machine,
    files: new ContainerFiles([
      { at: "/", files: root, base: "/", readOnly: false, isRoot: true },
      mount("/host/etc/cni/net.d", "/etc/cni/net.d"),
      mount("/ro", "/etc/cni/net.d", true),
      mount("/rootfs", "/"),
    ]),
    hostname: "web-0",
    env: { NODE_NAME: "worker-1" },
    inRootNetwork: true,
    canEnterHost: true,
    clock: new VirtualClock(),
    signal: new AbortController().signal,
    stdin: () => Promise.resolve("from stdin\n"),
    rebootHost: () => {
      reboots += 1;
    },
    ...over,
  };
}

const run = (argv: readonly string[], over?: Partial<ToolScope>) => runTool(argv, scope(over));
const sh = (script: string, over?: Partial<ToolScope>) => run(["sh", "-c", script], over);

const flannelConf = "/host/etc/cni/net.d/10-flannel.conflist";
const printing: readonly (readonly [string, string])[] = [
  ["ls -1 /host/etc/cni/net.d", "05-cilium.conflist\n10-flannel.conflist\n"],
  ["ls /host/etc", "cni\n"],
  ["ls -1Ap /host/etc", "cni/\n"],
  ["grep -H '' /data/readme /nowhere; echo $?", "/data/readme:one\n/data/readme:two\n2\n"],
  [
    "ls /host/etc/cni/net.d/*.conflist",
    "/host/etc/cni/net.d/05-cilium.conflist\n/host/etc/cni/net.d/10-flannel.conflist\n",
  ],
  ["cat /data/readme", "one\ntwo\n"],
  ["cat", "from stdin\n"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own
  ["echo a 'b  c' \"$NODE_NAME\" ${NODE_NAME}-x", "a b  c worker-1 worker-1-x\n"],
  ["echo one; false && echo two; echo $?", "one\n1\n"],
  ["false || echo rescued", "rescued\n"],
  ["test -f /data/readme && echo there; [ -d /nowhere ] || echo missing", "there\nmissing\n"],
  ["! false && echo turned", "turned\n"],
  ["cat /data/readme | grep -v one | wc -l", "1\n"],
  ["echo kept > /data/new; echo more >> /data/new; cat < /data/new", "kept\nmore\n"],
  ["ls /nowhere 2>/dev/null; echo $?", "2\n"],
  ["ls /nowhere 2>&1 | head -n 1", "ls: cannot access '/nowhere': No such file or directory\n"],
  [
    `mv -f ${flannelConf} ${flannelConf}.cilium_bak; ls /host/etc/cni/net.d`,
    "05-cilium.conflist\n10-flannel.conflist.cilium_bak\n",
  ],
  [`rm -f ${flannelConf} /nowhere; ls /rootfs/etc/cni/net.d`, "05-cilium.conflist\n"],
  ["mkdir -p /a/b && cp /data/readme /a/b && cat /a/b/readme", "one\ntwo\n"],
  ["hostname; id -u; uname -r", "web-0\n0\n6.8.0-45-generic\n"],
  [
    "ip link delete flannel.1; ip route; ip -br link show | wc -l",
    "10.244.1.0/24 dev cni0\nblackhole 10.244.95.0/26 proto 80\n2\n",
  ],
  ["ip route show type blackhole", "blackhole 10.244.95.0/26 proto 80\n"],
  ["ip -4 route show type unicast | wc -l", "2\n"],
  ["ip route del blackhole 10.244.95.0/26 proto 80; ip route show type blackhole", ""],
  ["ipset list -n", "odd40masq\nodd40all\n"],
  ["ipset save odd40all", "create odd40all hash:net family inet\nadd odd40all 10.244.0.0/16\n"],
  ["ipset flush odd40masq; ipset destroy odd40all; ipset save", "create odd40masq hash:net family inet\n"],
  ["iptables -t nat -F odd-outgoing; ipset destroy; ipset list -n", ""],
  [
    "iptables -t nat -D POSTROUTING -m comment --comment 'flanneld masq' -j FLANNEL-POSTRTG && iptables -t nat -S POSTROUTING",
    "-P POSTROUTING ACCEPT\n",
  ],
  ["iptables -w 5 -t nat -F FLANNEL-POSTRTG; iptables-save -t nat | grep -c 'A FLANNEL'", "0\n"],
  ["iptables-legacy-save", ""],
  ["nsenter -t 1 -m -u -n -i -- hostname", "worker-1\n"],
  ["nsenter -t 1 -m ls /etc/cni/net.d", "05-cilium.conflist\n10-flannel.conflist\n"],
  ["chroot /rootfs cat /etc/hostname", "worker-1\n"],
];

test.each(printing)("%s prints %j", async (script, stdout) => {
  expect((await sh(script)).stdout).toBe(stdout);
});

const failing: readonly (readonly [string, number, string])[] = [
  ["exit 3", 3, ""],
  ["cat /nowhere", 1, "cat: /nowhere: No such file or directory"],
  ["rm /ro/10-flannel.conflist", 1, "Read-only file system"],
  ["echo x > /ro/new", 1, "Read-only file system"],
  ["frobnicate --now", 127, "frobnicate: not found"],
  ["for f in a b; do echo $f; done", 2, "beyond the lab's shell"],
  ["echo $(hostname)", 2, "beyond the lab's shell"],
  ["ip link delete cilium_vxlan", 1, 'Cannot find device "cilium_vxlan"'],
  ["ipset destroy odd40masq", 1, "in use by a kernel component"],
  ["ipset destroy nowhere", 1, "does not exist"],
  ["ip route del blackhole 10.9.0.0/26", 2, "No such process"],
  ["iptables -t nat -X FLANNEL-POSTRTG", 1, "Device or resource busy"],
  ["iptables -t nat -D POSTROUTING -j NOWHERE", 1, "Bad rule"],
  ["iptables -t nat -F NOWHERE", 1, "No chain/target/match"],
];

test("the device of the module ipip is kept by the kernel, which says yes, and can be emptied", async () => {
  machine.links.set("tunl0", { name: "tunl0", kind: "ipip", address: "10.9.0.1/32", owner: "other" });
  expect(await sh("ip link delete dev tunl0")).toMatchObject({ exitCode: 0 });
  expect(machine.links.get("tunl0")?.address).toBe("10.9.0.1/32");
  expect(await sh("ip -4 addr flush dev tunl0")).toMatchObject({ exitCode: 0 });
  expect(machine.links.get("tunl0")?.address).toBeNull();
  machine.links.delete("tunl0");
});

test.each(failing)("%s exits %i", async (script, exitCode, stderr) => {
  const result = await sh(script);
  expect(result.exitCode).toBe(exitCode);
  expect(result.stderr).toContain(stderr);
});

test("a command that no image has is refused as a runtime refuses it", async () => {
  const result = await run(["frobnicate"]);
  expect(result.exitCode).toBe(127);
  expect(result.stderr).toContain('exec: "frobnicate": executable file not found in $PATH');
});

test("a link takes its routes and its tunnel port with it", async () => {
  await run(["ip", "link", "delete", "dev", "flannel.1"]);
  expect([...machine.links.keys()]).toEqual(["eth0", "cni0"]);
  expect([...machine.routes.keys()]).toEqual(["10.244.1.0/24", "10.244.95.0/26"]);
  expect(machine.udpPorts.size).toBe(0);
});

test("ip -j names links and their kinds", async () => {
  const links = JSON.parse((await run(["ip", "-j", "link", "show"])).stdout) as { ifname: string }[];
  expect(links.map(({ ifname }) => ifname)).toEqual(["eth0", "cni0", "flannel.1"]);
});

test("chains go in the order jump, rules, chain", async () => {
  const result = await sh(
    "iptables -t nat -D POSTROUTING 1 && iptables -t nat -F FLANNEL-POSTRTG && iptables -t nat -X FLANNEL-POSTRTG",
  );
  expect(result).toEqual({ stdout: "", stderr: "", exitCode: 0 });
  expect(machine.chains.has("nat/FLANNEL-POSTRTG")).toBe(false);
});

describe("a pod that is not on the host's network", () => {
  test("sees its own link only, and may not touch the machine's rules", async () => {
    expect((await run(["ip", "-o", "link"], { inRootNetwork: false })).stdout).toContain("eth0");
    expect((await run(["ip", "-o", "link"], { inRootNetwork: false })).stdout).not.toContain("cni0");
    expect((await run(["iptables", "-t", "nat", "-F"], { inRootNetwork: false })).exitCode).toBe(4);
  });
});

test.each([[["reboot"]], [["systemctl", "reboot"]], [["nsenter", "-t", "1", "-m", "--", "systemctl", "reboot"]]])(
  "%j restarts the machine of a privileged pod, and of no other",
  async (argv) => {
    expect((await run(argv, { canEnterHost: false })).exitCode).not.toBe(0);
    expect(reboots).toBe(0);
    expect((await run(argv)).exitCode).toBe(0);
    expect(reboots).toBe(1);
  },
);

test("sleep takes the lab's time", async () => {
  const clock = new VirtualClock();
  let over = false;
  const asleep = run(["sleep", "2m"], { clock }).then(() => {
    over = true;
  });
  await clock.advance(119_000);
  expect(over).toBe(false);
  await clock.advance(1_000);
  await asleep;
  expect(over).toBe(true);
});

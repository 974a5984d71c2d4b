import { expect, test } from "vitest";
import type { ExecAnswer } from "../../../src/kube/client/kube-client.ts";
import { answersIn, datagramCommand } from "../../../src/kube/nodes/datagrams.ts";
import { hostCommands, hostLookOf } from "../../../src/kube/nodes/host-look.ts";

const answer = (stdout: string, exitCode = 0): ExecAnswer => ({ stdout, stderr: "", exitCode });

/** As iproute2 prints it on a machine that is a container. */
const links = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
2: vxlan.calico: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UNKNOWN group default qlen 1000
    link/ether 66:5a:3e:0c:1b:11 brd ff:ff:ff:ff:ff:ff
    inet 10.244.120.64/32 scope global vxlan.calico
       valid_lft forever preferred_lft forever
7: eth0@if8: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc noqueue state UP group default qlen 1000
    link/ether 02:42:ac:1e:00:02 brd ff:ff:ff:ff:ff:ff link-netnsid 0
    inet 172.30.0.2/16 brd 172.30.255.255 scope global eth0
       valid_lft forever preferred_lft forever
`;
const onDisk = answer(`/lib/modules/6.8.0/modules.builtin:/cls_bpf.ko
/lib/modules/6.8.0/modules.dep:/vxlan.ko
/lib/modules/6.8.0/modules.dep:/nft_compat.ko
`);
const loaded = answer("br_netfilter\noverlay\n");
const all = { sysctls: answer("1\n2\n"), links: answer(links), onDisk, loaded };
const wanted = { address: "172.30.0.2", modules: ["vxlan", "cls_bpf", "nft_compat or iptable_nat"] };

test("card, sysctls and modules of a node in the kernel's own words", () => {
  expect(hostLookOf(all, wanted)).toEqual({
    card: { name: "eth0", mtu: 9_001 },
    links: ["lo", "vxlan.calico", "eth0"],
    forwards: true,
    rpFilter: 2,
    modulesMissing: [],
  });
});

test.each<[string, Partial<typeof all>, readonly string[], readonly string[] | null]>([
  ["on no list and not loaded", {}, ["geneve"], ["geneve"]],
  ["on no list, but loaded", { loaded: answer("geneve\n") }, ["geneve"], []],
  ["lists that are not there", { onDisk: answer("", 2) }, ["geneve"], null],
  [
    "lists that are not there, of what is loaded",
    { onDisk: answer("", 2), loaded: answer("geneve\n") },
    ["geneve"],
    [],
  ],
  ["one of two", { onDisk: answer("x/modules.dep:/iptable_nat.ko\n") }, ["nft_compat or iptable_nat"], []],
])("a module: %s", (_what, over, modules, missing) => {
  expect(hostLookOf({ ...all, ...over }, { ...wanted, modules }).modulesMissing).toEqual(missing);
});

test("what did not run tells nothing", () => {
  const none = answer("", 127);
  expect(hostLookOf({ sysctls: none, links: none, onDisk: none, loaded: none }, wanted)).toEqual({
    card: null,
    links: [],
    forwards: null,
    rpFilter: null,
    modulesMissing: null,
  });
});

test("modules are looked for by the kernel's own lists", () => {
  expect(hostCommands({ kernel: "6.8.0", modules: wanted.modules }).onDisk).toEqual([
    "grep",
    "-HoE",
    "/(vxlan|cls_bpf|nft_compat|iptable_nat)\\.ko",
    "/lib/modules/6.8.0/modules.builtin",
    "/lib/modules/6.8.0/modules.dep",
  ]);
});

test("a datagram is as large as its packet, without the headers; what is no IPv4 address goes into no command", () => {
  const script = datagramCommand({ to: ["10.0.0.1", "10.0.0.2"], port: 8473, bytes: 1_500 })?.[2];
  expect(script).toContain("bs=1472 count=1 2>/dev/null | nc -u -w 1 10.0.0.2 8473");
  expect(datagramCommand({ to: ["$(reboot)"], port: 8473, bytes: 1_500 })).toBeNull();
  expect(datagramCommand({ to: ["fd00::1"], port: 8473, bytes: 1_500 })).toBeNull();
});

test("who answered is who said something", () => {
  expect(answersIn(answer("10.0.0.1 worker-1\n10.0.0.2 \n"))).toEqual(new Set(["10.0.0.1"]));
  expect(answersIn(answer("", 127))).toBeNull();
});

import { expect, test } from "vitest";
import { hasListened, packetsRefused, verdictCommand, verdictsIn } from "../../../src/kube/nodes/policy-verdicts.ts";

const line = (rest: string) => `Policy verdict log: flow 0x5f2a local EP ID 731, ${rest}`;

test.each([
  [
    line(
      "remote ID 4711, proto 6, ingress, action deny, auth: disabled, match none, 10.245.1.7:40312 -> 10.245.2.9:8080 tcp SYN",
    ),
    ["ingress", "denied", "TCP", "10.245.1.7", 40312, "10.245.2.9", 8080, 4711],
  ],
  [
    line(
      "remote ID 2, proto 17, egress, action audit, auth: disabled, match none, 10.245.1.7:5353 -> 192.0.2.1:53 udp",
    ),
    ["egress", "audited", "UDP", "10.245.1.7", 5353, "192.0.2.1", 53, 2],
  ],
  [
    line(
      "remote ID world, proto 1, ingress, action deny, auth: disabled, match L3-Only, 192.0.2.1 -> 10.245.2.9 EchoRequest",
    ),
    ["ingress", "denied", "ICMP", "192.0.2.1", null, "10.245.2.9", null, 0],
  ],
  [
    line("remote ID 6, proto 58, ingress, action deny, auth: disabled, match none, fd00::1 -> fd00::2 EchoRequest"),
    ["ingress", "denied", "ICMP", "fd00::1", null, "fd00::2", null, 6],
  ],
  [
    line("remote ID 6, proto 6, ingress, action deny, auth: disabled, match none, [fd00::1]:9 -> [fd00::2]:80 tcp SYN"),
    ["ingress", "denied", "TCP", "fd00::1", 9, "fd00::2", 80, 6],
  ],
] as const)("a line of the monitor is read: %s", (printed, expected) => {
  const [seen, ...more] = verdictsIn("node-1", `${printed}\n`);
  expect(more).toEqual([]);
  const { node, direction, action, protocol, source, destination, otherIdentity } = seen ?? expect.fail("not read");
  expect(node).toBe("node-1");
  expect([
    direction,
    action,
    protocol,
    source.ip,
    source.port,
    destination.ip,
    destination.port,
    otherIdentity,
  ]).toEqual(expected);
});

test("what is no refusal, or cut off, is passed over", () => {
  const allowed = line(
    "remote ID 2, proto 6, ingress, action allow, auth: disabled, match all, 1.1.1.1:1 -> 2.2.2.2:2 tcp SYN",
  );
  expect(verdictsIn("a", `${allowed}\n>> IPCache entry upserted\nPolicy verdict log: flow 0x1 local EP\n\n`)).toEqual(
    [],
  );
});

test.each<[unknown, number]>([
  [
    [
      { reason: "Policy denied", direction: "ingress", packets: 3, bytes: 222 },
      { reason: "Policy denied by denylist", direction: "egress", packets: 2 },
      { reason: "Unsupported L3 protocol", direction: "egress", packets: 75 },
      { reason: "Policy denied", packets: "many" },
    ],
    5,
  ],
  [[], 0],
  [{ reason: "Policy denied", packets: 1 }, 0],
  [null, 0],
])("packets that policies refused are added up, others are not: %j", (metrics, packets) => {
  expect(packetsRefused(metrics)).toBe(packets);
});

test("a monitor that never listened is no silence", () => {
  expect(hasListened("Listening for events on 2 CPUs with 64x4096 of shared memory\nPress Ctrl-C to quit\n")).toBe(
    true,
  );
  expect(hasListened('Press Ctrl-C to quit\nlevel=error msg="Cannot open monitor socket"\n')).toBe(false);
  expect(hasListened("sh: 1: cilium-dbg: not found\n")).toBe(false);
});

test("the command ends by itself, and prints so many lines at most", () => {
  expect(verdictCommand(30).join(" ")).toMatch(/^sh -c timeout 30 cilium-dbg monitor .* \| head -n 500$/);
});

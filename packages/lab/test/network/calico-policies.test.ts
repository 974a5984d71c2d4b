import { beforeEach, describe, expect, test } from "vitest";
import {
  begin,
  calico,
  friendsOnly,
  globalPolicy,
  type Half,
  machine,
  network,
  nodes,
  pod,
  policy,
  reach,
  serveCalico,
  source,
  store,
  tunnelOf,
  word,
} from "../support/policy-world.ts";

describe("Calico's own kinds", () => {
  beforeEach(async () => {
    begin();
    await serveCalico();
  });

  test("nodes' tunnel addresses let moved friends in, and moved strangers with them", () => {
    policy(friendsOnly);
    globalPolicy("moved", {
      order: 1,
      selector: "role == 'guarded'",
      types: ["Ingress"],
      ingress: [{ action: "Allow", source: { nets: nodes.map((node) => `${tunnelOf(node)}/32`) } }],
    });
    const guarded = pod("calico", "node-3", { role: "guarded" });
    const client = (half: Half, role: string) => word(reach(pod(half, "node-2", { role }), guarded));
    expect([
      client("cilium", "friend"),
      client("cilium", "stranger"),
      client("calico", "stranger"),
      client("calico", "friend"),
    ]).toEqual(["in", "in", "blocked", "in"]);
  });

  test("such a policy over pods that nobody guarded closes them to all other clients", () => {
    const open = pod("calico", "node-3", { role: "open" });
    const client = pod("calico", "node-1");
    expect(word(reach(client, open))).toBe("in");
    globalPolicy("moved", {
      order: 1,
      selector: "has(role)",
      ingress: [{ action: "Allow", source: { nets: ["10.244.2.1/32"] } }],
    });
    expect(word(reach(client, open))).toBe("blocked");
  });

  test("the first that fits counts, by order and not by age", () => {
    const guarded = pod("calico", "node-3", { role: "guarded" });
    const client = pod("calico", "node-1", { role: "friend" });
    globalPolicy("late", { order: 20, selector: "all()", ingress: [{ action: "Allow" }] });
    expect(word(reach(client, guarded))).toBe("in");
    globalPolicy("early", {
      order: 10,
      selector: "role in {'guarded', 'x'}",
      ingress: [{ action: "Deny", source: { selector: "role != 'db'" } }],
    });
    expect(word(reach(client, guarded))).toBe("blocked");
    expect(word(reach(pod("calico", "node-1", { role: "db" }), guarded))).toBe("in");
  });

  test("a rule's ports are numbers, names or ranges", () => {
    const guarded = pod("calico", "node-3", { role: "guarded" });
    const client = pod("calico", "node-1");
    globalPolicy("ports", {
      selector: "role == 'guarded'",
      ingress: [{ action: "Allow", protocol: "TCP", destination: { ports: ["web", "9000:9091"] } }],
    });
    expect([8080, 9090, 9095].filter((port) => reach(client, guarded, port).ok)).toEqual([8080, 9090]);
  });

  test("a host policy that forgets Cilium's port cuts a moved node's pods off, and nothing else", () => {
    const [moved, elsewhere] = [pod("cilium", "node-3"), pod("calico", "node-1")];
    const stays = pod("calico", "node-3");
    expect(word(reach(elsewhere, moved))).toBe("in");
    const allowed = [
      { action: "Allow", protocol: "TCP" },
      { action: "Allow", protocol: "ICMP" },
      { action: "Allow", protocol: "UDP", destination: { ports: [53] } },
    ];
    calico("HostEndpoint", "hostendpoints", "node-3-eth0", {
      metadata: { labels: { host: "yes" } },
      spec: { node: "node-3", interfaceName: "eth0" },
    });
    globalPolicy("hosts", { selector: "host == 'yes'", types: ["Ingress"], ingress: allowed });
    expect(source(reach(elsewhere, moved))).toMatch(/HostEndpoint node-3-eth0 drops UDP 8473/);
    expect(word(reach(elsewhere, stays))).toBe("in");
    expect(word(reach(moved, elsewhere))).toBe("in");
    expect(network.fromNode("node-1", { ip: "172.18.0.4", port: 10_250, protocol: "tcp" })).toMatchObject({ ok: true });
    store.change("crd.projectcalico.org/globalnetworkpolicies", null, "hosts", (copy) => {
      (copy.spec as { ingress: object[] }).ingress = [
        ...allowed,
        { action: "Allow", protocol: "UDP", destination: { ports: [8473] } },
      ];
    });
    expect(word(reach(elsewhere, moved))).toBe("in");
  });

  test("UDP 4789 from a host that Felix does not know is dropped", () => {
    const [near, far] = [pod("calico", "node-3"), pod("calico", "node-1")];
    machine("node-3").ipsets.get("cali40all-vxlan-net")?.delete(machine("node-1").ip);
    expect(source(reach(far, near))).toMatch(/drops UDP 4789 from 172\.18\.0\.2/);
  });
});

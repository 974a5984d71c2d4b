import { beforeEach, describe, expect, test } from "vitest";
import { datapathOf, loadDatapath } from "../../cni/cilium/datapath.ts";
import { dropMetrics, monitored } from "../../cni/cilium/verdict-log.ts";
import {
  begin,
  friendsOnly,
  type Half,
  machine,
  network,
  nodes,
  pod,
  policy,
  reach,
  routerOf,
  source,
  store,
  to,
  tunnelOf,
  word,
} from "../support/policy-world.ts";

describe("addresses across the two halves", () => {
  test("a pod is seen by its own address within its half, by its node's where it crosses", () => {
    begin();
    const [calicoA, ciliumB] = [pod("calico", "node-1"), pod("cilium", "node-2")];
    expect(source(reach(calicoA, ciliumB))).toBe(routerOf("node-1"));
    expect(source(reach(ciliumB, calicoA))).toBe(tunnelOf("node-2"));
    expect(source(network.fromNode("node-1", to(ciliumB)))).toBe(routerOf("node-1"));
    expect(source(network.fromNode("node-2", to(calicoA)))).toBe(tunnelOf("node-2"));
    expect(source(reach(calicoA, pod("calico", "node-3")))).toBe(calicoA.status?.podIP);
    expect(source(reach(ciliumB, pod("cilium", "node-3")))).toBe(ciliumB.status?.podIP);
  });

  test("a disabled IPPool over Cilium's range changes none of them", () => {
    begin();
    for (const node of nodes) machine(node).ipsets.get("cali40all-ipam-pools")?.add("10.245.0.0/16");
    const [calicoA, ciliumB] = [pod("calico", "node-1"), pod("cilium", "node-2")];
    expect(source(reach(calicoA, ciliumB))).toBe(routerOf("node-1"));
    expect(source(reach(ciliumB, calicoA))).toBe(tunnelOf("node-2"));
  });

  test("with one native range over both, a moved pod keeps its own; the other way stays the node's", () => {
    begin("10.244.0.0/15");
    const [calicoA, ciliumB] = [pod("calico", "node-1"), pod("cilium", "node-2")];
    expect(source(reach(ciliumB, calicoA))).toBe(ciliumB.status?.podIP);
    expect(source(reach(calicoA, ciliumB))).toBe(routerOf("node-1"));
  });
});

describe("ingress from role=friend, one half moved", () => {
  const both = "10.244.0.0/15";
  test.each([
    [undefined, "never", "calico", ["in", "blocked", "blocked", "blocked", "blocked"]],
    [undefined, "never", "cilium", ["in", "in", "in", "in", "in"]],
    [both, "never", "calico", ["in", "in", "blocked", "blocked", "blocked"]],
    [both, "never", "cilium", ["in", "in", "in", "in", "in"]],
    [both, "default", "calico", ["in", "in", "blocked", "blocked", "blocked"]],
    [both, "default", "cilium", ["blocked", "in", "blocked", "blocked", "blocked"]],
  ] as const)("native range %s, enforcement %s, guarded on %s: %j", (native, enforcement, half, expected) => {
    begin(native, enforcement);
    policy(friendsOnly);
    const guarded = pod(half, "node-3", { role: "guarded" });
    const from = (of: Half, role: string) =>
      word(reach(pod(of, of === "calico" ? "node-1" : "node-2", { role }), guarded));
    expect([
      from("calico", "friend"),
      from("cilium", "friend"),
      from("calico", "stranger"),
      from("cilium", "stranger"),
      word(network.fromNode("node-1", to(guarded))),
    ]).toEqual(expected);
    expect(word(network.fromNode("node-3", to(guarded)))).toBe("in");
  });

  test("all on Cilium and enforced: friends and the own node are let in", () => {
    begin(undefined, "default");
    policy(friendsOnly);
    const guarded = pod("cilium", "node-3", { role: "guarded" });
    const answers = ["friend", "stranger"].map((role) => word(reach(pod("cilium", "node-1", { role }), guarded)));
    expect([
      ...answers,
      word(network.fromNode("node-1", to(guarded))),
      word(network.fromNode("node-3", to(guarded))),
    ]).toEqual(["in", "blocked", "blocked", "in"]);
  });

  test("a mode that changes counts from the agent's next start", () => {
    begin(undefined, "never");
    policy(friendsOnly);
    const guarded = pod("cilium", "node-3", { role: "guarded" });
    const stranger = pod("cilium", "node-1", { role: "stranger" });
    expect(word(reach(stranger, guarded))).toBe("in");
    const now = datapathOf(machine("node-3"));
    if (now) loadDatapath(machine("node-3"), { ...now, enforcement: "default" });
    expect(word(reach(stranger, guarded))).toBe("blocked");
  });

  test("a pod of which no policy speaks is open, and a machine without Felix's chains guards none", () => {
    begin();
    policy(friendsOnly);
    const [open, guarded] = [pod("calico", "node-3"), pod("calico", "node-3", { role: "guarded" })];
    const stranger = pod("calico", "node-1", { role: "stranger" });
    expect([word(reach(stranger, open)), word(reach(stranger, guarded))]).toEqual(["in", "blocked"]);
    machine("node-3").chains.delete("filter/cali-FORWARD");
    expect(word(reach(stranger, guarded))).toBe("in");
  });
});

describe("what a rule can say", () => {
  const guardedRole = { podSelector: { matchLabels: { role: "guarded" } } };
  beforeEach(() => begin());

  test.each([
    ["a number", { port: 8080 }, [8080]],
    ["a name", { port: "web" }, [8080]],
    ["a range", { port: 9000, endPort: 9094 }, [9090]],
    ["another protocol", { protocol: "UDP", port: 8080 }, []],
    ["no number at all", { protocol: "TCP" }, [8080, 9090, 9095]],
  ])("ports by %s", (_what, port, expected) => {
    policy({ ...guardedRole, ingress: [{ ports: [port] }] });
    const [guarded, client] = [pod("calico", "node-3", { role: "guarded" }), pod("calico", "node-1")];
    expect([8080, 9090, 9095].filter((number) => reach(client, guarded, number).ok)).toEqual(expected);
  });

  test("an ipBlock is the packet's address, less its exceptions", () => {
    policy({
      ...guardedRole,
      ingress: [{ from: [{ ipBlock: { cidr: "10.244.0.0/16", except: ["10.244.2.0/24"] } }] }],
    });
    const guarded = pod("calico", "node-3", { role: "guarded" });
    expect(word(reach(pod("calico", "node-1"), guarded))).toBe("in");
    expect(word(reach(pod("calico", "node-2"), guarded))).toBe("blocked");
  });

  test("Cilium compares an ipBlock with no pod of its own and no node", () => {
    begin("10.244.0.0/15", "default");
    policy({ ...guardedRole, ingress: [{ from: [{ ipBlock: { cidr: "10.244.0.0/15" } }] }] });
    const guarded = pod("cilium", "node-3", { role: "guarded" });
    expect(word(reach(pod("cilium", "node-1"), guarded))).toBe("blocked");
    expect(word(reach(pod("calico", "node-1"), guarded))).toBe("blocked");
  });

  test("a namespaceSelector, with and without a podSelector", () => {
    store.change("namespaces", null, "else", (copy) => {
      copy.metadata.labels = { team: "a" };
    });
    const namespaceSelector = { matchLabels: { team: "a" } };
    policy({
      ...guardedRole,
      ingress: [{ from: [{ namespaceSelector, podSelector: { matchLabels: { role: "friend" } } }] }],
    });
    const guarded = pod("calico", "node-3", { role: "guarded" });
    const client = (namespace: string, role: string) =>
      word(reach(pod("calico", "node-1", { role, namespace }), guarded));
    expect([client("else", "friend"), client("else", "x"), client("shop", "friend")]).toEqual([
      "in",
      "blocked",
      "blocked",
    ]);
  });

  test("egress is held at the sender, and says nothing of who comes to it", () => {
    policy({
      ...guardedRole,
      policyTypes: ["Egress"],
      egress: [{ to: [{ podSelector: { matchLabels: { role: "db" } } }] }],
    });
    const guarded = pod("calico", "node-3", { role: "guarded" });
    expect(word(reach(guarded, pod("calico", "node-1", { role: "db" })))).toBe("in");
    expect(word(reach(guarded, pod("cilium", "node-1", { role: "db" })))).toBe("in");
    expect(word(reach(guarded, pod("calico", "node-1", { role: "web" })))).toBe("blocked");
    expect(word(network.fromPod(guarded, { ip: "1.1.1.1", port: 443, protocol: "tcp" }))).toBe("blocked");
    expect(word(reach(pod("calico", "node-1"), guarded))).toBe("in");
  });
});

test("what Cilium refuses is counted on the machine and told to whoever listens, with both ends", async () => {
  begin("10.244.0.0/15", "default");
  policy(friendsOnly);
  const guarded = pod("cilium", "node-1", { role: "guarded" });
  const [friend, stranger] = [pod("cilium", "node-2", { role: "friend" }), pod("cilium", "node-2")];
  expect(dropMetrics(machine("node-1"))).toBe("");
  reach(stranger, guarded);
  const ends = new AbortController();
  const heard = monitored(machine("node-1"), ends.signal);
  reach(friend, guarded);
  reach(stranger, guarded);
  ends.abort();
  reach(stranger, guarded);
  const lines = (await heard).trim().split("\n");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(", proto 6, ingress, action deny, ");
  expect(lines[0]).toMatch(new RegExp(`${stranger.status?.podIP}:\\d+ -> ${guarded.status?.podIP}:8080 tcp SYN`));
  expect(JSON.parse(dropMetrics(machine("node-1")))).toMatchObject([
    { reason: "Policy denied", direction: "ingress", packets: 3 },
  ]);
  expect(dropMetrics(machine("node-2"))).toBe("");
  machine("node-1").bootId = "another";
  expect(dropMetrics(machine("node-1"))).toBe("");
});

import { expect, test } from "vitest";
import type { SourceObject } from "../../../../../src/engine/model/cluster/source-object.ts";
import type { JsonObject } from "../../../../../src/engine/model/plan-types.ts";
import { policiesOf } from "../../../../../src/engine/policies/inventory.ts";
import { decide, type End, type Packet } from "../../../../../src/engine/sources/calico/policies/evaluate.ts";
import { calicoPolicies, policyIn, tiersOf } from "../../../../../src/engine/sources/calico/policies/rules.ts";
import { setsOf } from "../../../../../src/engine/sources/calico/policies/sets.ts";
import { CiliumPolicies } from "../../../../support/cilium-policies.ts";
import { aPolicy, aPolicyWorld } from "../../../../support/policies.ts";

const group = "crd.projectcalico.org";
const kubernetesKind = "networkpolicies.networking.k8s.io";

/** As mulberry32 has it. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

class Chance {
  readonly #next: () => number;
  constructor(seed: number) {
    this.#next = randomOf(seed);
  }
  of<T>(all: readonly [T, ...T[]]): T {
    return all[Math.floor(this.#next() * all.length)] ?? all[0];
  }
  in(share: number): boolean {
    return this.#next() < share;
  }
}

const selectorTexts = [
  "app == 'a'",
  "app != 'a'",
  "app in {'a', 'b'}",
  "app not in {'b'}",
  "has(role)",
  "!has(role)",
  "app == 'a' && role == 'x'",
  "app == 'b' || role == 'y'",
  "!(app == 'a' && has(role))",
  "all()",
  "projectcalico.org/namespace == 'n2'",
  "app starts with 'a'",
] as const;
const netTexts = ["203.0.113.0/24", "203.0.113.128/25", "198.51.100.0/24", "0.0.0.0/0"] as const;

function entity(chance: Chance): JsonObject {
  if (chance.in(0.2)) return {};
  if (chance.in(0.35))
    return { nets: [chance.of(netTexts)], ...(chance.in(0.3) ? { notNets: ["203.0.113.192/26"] } : {}) };
  return {
    selector: chance.of(selectorTexts),
    ...(chance.in(0.3)
      ? { namespaceSelector: chance.of(["all()", "projectcalico.org/name == 'n2'", "team == 'red'"]) }
      : {}),
    ...(chance.in(0.1) ? { serviceAccounts: { names: ["s1"] } } : {}),
  };
}

function rule(chance: Chance, direction: string): JsonObject {
  const action = chance.of(["Allow", "Allow", "Allow", "Deny", chance.of(["Allow", "Log", "Pass"])]);
  const peer = entity(chance);
  const protocol = chance.of(["", "TCP", "UDP", "TCP", "ICMP"]);
  const ports = protocol === "TCP" || protocol === "UDP" ? chance.of([[], [80], ["80:90", 443]]) : [];
  const icmp = protocol === "ICMP" ? { icmp: { type: 8 } } : {};
  const there = ports.length > 0 ? { ports } : {};
  return {
    action,
    ...(protocol === "" ? {} : { protocol }),
    ...icmp,
    ...(direction === "ingress" ? { source: peer, destination: there } : { destination: { ...peer, ...there } }),
  };
}

function policy(chance: Chance, index: number): SourceObject {
  const global = chance.in(0.4);
  const directions = chance.of([["ingress"], ["egress"], ["ingress", "egress"]]);
  const rules = (direction: string) =>
    Array.from({ length: chance.of([0, 1, 2, 3]) }, () => rule(chance, direction)).concat(
      chance.in(0.2) ? [{ action: "Deny" }] : [],
    );
  const order = chance.of([null, 10, 500, 1_000, 2_000]);
  const spec: JsonObject = {
    selector: chance.of(selectorTexts),
    types: directions.map((one) => (one === "ingress" ? "Ingress" : "Egress")),
    ...(order === null ? {} : { order }),
    ...(global && chance.in(0.3) ? { namespaceSelector: "team == 'red'" } : {}),
    ...Object.fromEntries(directions.map((one) => [one, rules(one)])),
  };
  return aPolicy(global ? null : chance.of(["n1", "n2"]), `p${index}`, spec);
}

const teams: Readonly<Record<string, string>> = { n1: "red", n2: "blue" };
const pod = (namespace: string, labels: Readonly<Record<string, string>>, number: number): End => ({
  kind: "pod",
  namespace,
  labels,
  namespaceLabels: { team: teams[namespace] ?? "" },
  serviceAccount: number % 2 === 0 ? "s1" : "s2",
  ip: `10.244.1.${number}`,
});
const outside = (ip: string): End => ({
  kind: "outside",
  namespace: null,
  labels: {},
  namespaceLabels: {},
  serviceAccount: "",
  ip,
});
const kinds = [{ app: "a" }, { app: "b" }, { app: "a", role: "x" }, { role: "y" }, {}] as const;
const pods = ["n1", "n2"].flatMap((namespace, place) =>
  kinds.map((labels, index) => pod(namespace, labels, place * 10 + index + 1)),
);
const strangers = ["203.0.113.7", "203.0.113.200", "198.51.100.9", "8.8.8.8", "192.168.50.12"].map(outside);
const transports = [
  { protocol: "TCP", port: 80, icmpType: 0 },
  { protocol: "TCP", port: 85, icmpType: 0 },
  { protocol: "TCP", port: 22, icmpType: 0 },
  { protocol: "UDP", port: 443, icmpType: 0 },
  { protocol: "ICMP", port: 0, icmpType: 8 },
  { protocol: "ICMP", port: 0, icmpType: 0 },
] as const;

/** A Kubernetes policy in three words: its own, Calico's as which it counts, and Cilium's as which it is enforced. */
function kubernetesPolicy(chance: Chance) {
  const [app, peer] = [chance.of(["a", "b"]), chance.of(["x", "y"])];
  const spec = {
    podSelector: { matchLabels: { app } },
    ingress: [{ from: [{ podSelector: { matchLabels: { role: peer } } }] }],
  };
  const asCalico = {
    order: 1_000,
    selector: `app == '${app}'`,
    types: ["Ingress"],
    ingress: [{ action: "Allow", source: { selector: `role == '${peer}'` } }],
  };
  const asCilium: JsonObject = {
    kind: "CiliumNetworkPolicy",
    metadata: { name: "np", namespace: "n1" },
    spec: {
      endpointSelector: { matchLabels: { app } },
      enableDefaultDeny: { ingress: true },
      ingress: [{ fromEndpoints: [{ matchLabels: { role: peer, "k8s:io.kubernetes.pod.namespace": "n1" } }] }],
    },
  };
  return { object: aPolicy("n1", "np", spec), asCalico: policyIn("", aPolicy("n1", "knp", asCalico), true), asCilium };
}

function aWorld(chance: Chance) {
  const all = Array.from({ length: chance.of([1, 1, 2, 3]) }, (_, index) => policy(chance, index));
  const beside = chance.in(0.4) ? [kubernetesPolicy(chance)] : [];
  const set = aPolicy(null, "office", { nets: ["203.0.113.0/25"] }, { app: "a" });
  const objects = {
    [`networkpolicies.${group}`]: all.filter(({ metadata }) => metadata.namespace !== undefined),
    [`globalnetworkpolicies.${group}`]: all.filter(({ metadata }) => metadata.namespace === undefined),
    [`globalnetworksets.${group}`]: chance.in(0.3) ? [set] : [],
    [kubernetesKind]: beside.map(({ object }) => object),
  };
  return { objects, beside };
}

const firstSeed = Number(process.env["SEED"] ?? 11_000);

const directions = ["ingress", "egress"] as const;

/** Every pod against everyone, by every transport, both ways. */
const crossings = pods.flatMap((own) =>
  [...pods, ...strangers]
    .filter((peer) => peer !== own)
    .flatMap((peer) =>
      transports.flatMap((transport) =>
        directions.map((direction) => {
          const [source, destination] = direction === "ingress" ? [peer, own] : [own, peer];
          return { direction, packet: { source, destination, ...transport } satisfies Packet };
        }),
      ),
    ),
);

/** What both say of each crossing; null where some policy has no draft. */
function bothSay(seed: number) {
  const { objects, beside } = aWorld(new Chance(seed));
  const world = aPolicyWorld({ objects });
  const views = policiesOf(world).filter(({ kind }) => kind !== kubernetesKind);
  if (views.some(({ fate }) => fate !== "drafted")) return null;
  const drafts = [...views.flatMap((view) => view.drafts), ...beside.map(({ asCilium }) => asCilium)];
  const nodeIps = world.nodes.flatMap(({ ips }) => ips);
  const cilium = new CiliumPolicies(drafts, nodeIps);
  const calico = {
    policies: [...calicoPolicies(objects), ...beside.map(({ asCalico }) => asCalico)],
    tiers: tiersOf(objects),
    sets: setsOf(objects),
  };
  return crossings.map(({ direction, packet }) => {
    const said = { calico: decide(calico, direction, packet), cilium: cilium.decide(direction, packet) };
    return { seed, direction, packet, ...said };
  });
}

test(`wherever all of a cluster's policies have drafts, the drafts decide the same (seeds from ${firstSeed})`, () => {
  const worlds = Array.from({ length: 250 }, (_, index) => bothSay(firstSeed + index)).filter((said) => said !== null);
  const said = worlds.flat();
  expect(said.find(({ calico, cilium }) => calico !== cilium)).toBeUndefined();
  expect(worlds.length).toBeGreaterThan(50);
  for (const each of ["allow", "deny", null])
    expect(said.filter(({ calico }) => calico === each).length).toBeGreaterThan(2_000);
});

import type { SourceObject } from "../../../model/cluster/source-object.ts";
import type { JsonValue } from "../../../model/plan-types.ts";
import type { ClosedHost } from "../../../model/policies/policy-view.ts";
import { listIn, objectIn, textIn, textsIn } from "../../../policies/json-in.ts";
import type { PolicyWorld } from "../../../policies/policy-world.ts";
import { decide, type End, type Evaluated, type Packet, selectsEnd } from "./evaluate.ts";
import { calicoPolicies, type Direction, kindOf, objectsOf, tiersOf } from "./rules.ts";
import { setsOf } from "./sets.ts";

const openProfile = "projectcalico-default-allow";

/** Cilium's health checks between nodes. */
const healthPort = 4240;
const echoRequest = 8;

type Need = Pick<Packet, "protocol" | "port" | "icmpType">;

const needs = ({ target }: PolicyWorld): readonly Need[] => [
  { protocol: "UDP", port: target.tunnelPort, icmpType: 0 },
  { protocol: "TCP", port: healthPort, icmpType: 0 },
  { protocol: "ICMP", port: 0, icmpType: echoRequest },
];

const needWords = ({ protocol, port }: Need, direction: Direction): string =>
  `${protocol}${port === 0 ? "" : ` ${port}`} ${direction === "ingress" ? "in" : "out"}`;

const hostEnd = (labels: SourceObject["metadata"]["labels"], ip: string): End => ({
  kind: "host",
  namespace: null,
  labels,
  namespaceLabels: {},
  serviceAccount: "",
  ip,
});

interface Host {
  readonly object: SourceObject;
  readonly node: string;
  readonly ip: string;
}

/** Of a host endpoint: whether it is about the interface by which nodes reach each other. */
function guarded(object: SourceObject, { nodes }: PolicyWorld): readonly Host[] {
  const { spec } = object;
  const node = nodes.find(({ name }) => name === textIn(spec["node"]));
  const ip = node?.ips[0];
  if (node === undefined || ip === undefined || textIn(spec["interfaceName"]) === "lo") return [];
  const expected = textsIn(spec["expectedIPs"]);
  const elsewhere = expected.length > 0 && !node.ips.some((one) => expected.includes(one));
  return elsewhere && textIn(spec["interfaceName"]) !== "*" ? [] : [{ object, node: node.name, ip }];
}

const opens = (ports: readonly JsonValue[], { protocol, port }: Need): boolean =>
  ports.map(objectIn).some((one) => textIn(one["protocol"]).toUpperCase() === protocol && one["port"] === port);

/** Felix keeps some ports open whatever the policies say; Cilium's are not among them unless somebody has named them. */
function failsafe({ objects }: PolicyWorld, direction: Direction, need: Need): boolean {
  const field = direction === "ingress" ? "failsafeInboundHostPorts" : "failsafeOutboundHostPorts";
  return objectsOf(objects, "felixconfigurations").some(({ spec }) => opens(listIn(spec[field]), need));
}

/** What is asked of a host: whether this comes through, in this direction. */
interface Asked {
  readonly need: Need;
  readonly direction: Direction;
  readonly other: End;
}

function closes(host: Host, evaluated: Evaluated, { need, direction, other }: Asked): boolean {
  const here = hostEnd(host.object.metadata.labels, host.ip);
  const [source, destination] = direction === "ingress" ? [other, here] : [here, other];
  const packet: Packet = { source, destination, ...need };
  const untracked = evaluated.policies.filter(({ ofHosts }) => ofHosts.includes("doNotTrack"));
  if (decide({ ...evaluated, policies: untracked }, direction, packet) === "allow") return false;
  const usual = evaluated.policies.filter(({ ofHosts }) => !ofHosts.some((field) => field !== "applyOnForward"));
  const said = decide({ ...evaluated, policies: usual }, direction, packet);
  return said === null ? !textsIn(host.object.spec["profiles"]).includes(openProfile) : said === "deny";
}

/** Host endpoints whose policies drop what Cilium's nodes say to each other. */
export function closedHosts(world: PolicyWorld): readonly ClosedHost[] {
  if (!world.source.enforcesPolicies) return [];
  const { objects } = world;
  const global = calicoPolicies(objects).filter(({ namespace }) => namespace === null);
  const evaluated = { policies: global, tiers: tiersOf(objects), sets: setsOf(objects) };
  const endpoints = objectsOf(objects, "hostendpoints");
  return endpoints
    .flatMap((object) => guarded(object, world))
    .flatMap((host) => {
      const node = world.nodes.find(({ name }) => name !== host.node);
      if (node === undefined) return [];
      const labels = endpoints.find(({ spec }) => spec["node"] === node.name)?.metadata.labels ?? {};
      const other = hostEnd(labels, node.ips[0] ?? "");
      const closed = (["ingress", "egress"] as const).flatMap((direction) =>
        needs(world)
          .filter((need) => !failsafe(world, direction, need) && closes(host, evaluated, { need, direction, other }))
          .map((need) => needWords(need, direction)),
      );
      if (closed.length === 0) return [];
      const here = hostEnd(host.object.metadata.labels, host.ip);
      return [
        {
          kind: kindOf(objects, "hostendpoints"),
          name: host.object.metadata.name,
          node: host.node,
          closed,
          policies: global.filter((policy) => selectsEnd(policy, here)).map(({ name }) => name),
        },
      ];
    });
}

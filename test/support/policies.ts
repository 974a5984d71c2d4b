import type { SourceObject } from "../../src/engine/model/cluster/source-object.ts";
import type { JsonObject } from "../../src/engine/model/plan-types.ts";
import type { PolicyWorld } from "../../src/engine/policies/policy-world.ts";
import { aPod } from "./facts.ts";

/** An object of a kind that is read in full. */
export function aPolicy(
  namespace: string | null,
  name: string,
  spec: JsonObject,
  labels: Readonly<Record<string, string>> = {},
): SourceObject {
  const place = namespace === null ? {} : { namespace };
  return {
    apiVersion: "v1",
    metadata: { name, ...place, labels, annotations: {}, owners: [] },
    spec,
    status: {},
  };
}

interface Over {
  readonly objects?: PolicyWorld["objects"];
  readonly pods?: PolicyWorld["pods"];
  readonly version?: string;
  readonly enforced?: boolean;
  readonly range?: string | null;
}

/** A cluster whose pods are on 10.244.0.0/16 and are to be on 10.245.0.0/16, nodes in 192.168.50.0/24. */
export function aPolicyWorld({
  objects = {},
  pods,
  version = "1.18.11",
  enforced = true,
  range,
}: Over = {}): PolicyWorld {
  const usual = [
    aPod("shop", "web-1", { labels: { app: "web" }, ips: ["10.244.1.7"] }),
    aPod("shop", "friend-1", { labels: { role: "friend" }, ips: ["10.244.2.7"] }),
  ];
  const both = range === undefined ? "10.244.0.0/15" : range;
  return {
    objects,
    pods: pods ?? usual,
    nodes: ["worker-1", "worker-2"].map((name, index) => ({ name, ips: [`192.168.50.${11 + index}`] })),
    podCidrs: ["10.244.0.0/16", "10.245.0.0/16"],
    source: { name: "Example", enforcesPolicies: enforced },
    target: { version, tunnelPort: 8473, ...(both === null ? {} : { nativeRoutingCidr: both }) },
  };
}

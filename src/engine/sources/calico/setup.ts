import type { JsonObject, SourceFacts } from "../../model/plan-types.ts";
import { operatorNamespace } from "./kinds.ts";

/** What carries and filters packets on its nodes. */
export type DataPlane = "iptables" | "nftables" | "ebpf" | "vpp";

/** What only Calico's own checks and steps need to know of it. */
export interface CalicoSetup {
  /** "canal": its policies alone, beside Flannel's network. */
  readonly install: "manifest" | "operator" | "canal";
  readonly dataPlane: DataPlane;
  readonly datastore: "kubernetes" | "etcd";
  /** How a node's address is found, in the form of IP_AUTODETECTION_METHOD: "first-found", "kubernetes-internal-ip", "cidr=…". */
  readonly detection: string;
  /** The same of IPv6; "" where no node has such an address. */
  readonly detection6: string;
  readonly bgp: boolean;
  /** BGP peers beside the nodes themselves. */
  readonly peers: number;
  readonly encrypts: boolean;
  /** A Typha stands between the daemons and the API. */
  readonly typha: boolean;
  /** Plurals of its kinds that the cluster serves, in the group in which it keeps them. */
  readonly served: readonly string[];
  /** They are CRDs of the API's own group, as 3.32 may have them. */
  readonly native: boolean;
  /** The CNI that gives pods their addresses where Calico only enforces policies; "" where it does both. */
  readonly policyOnlyOn: string;
}

const dataPlanes: readonly string[] = ["iptables", "nftables", "ebpf", "vpp"] satisfies readonly DataPlane[];
const installs = ["manifest", "operator", "canal"] as const;
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** What `read` kept of it; anything that is not in it, or of another type, as on an ordinary cluster. */
export function calicoSetup({ own }: Pick<SourceFacts, "own">): CalicoSetup {
  const kept: JsonObject = own ?? {};
  const dataPlane = textOf(kept["dataPlane"]);
  return {
    install: installs.find((one) => one === kept["install"]) ?? "manifest",
    dataPlane: dataPlanes.includes(dataPlane) ? (dataPlane as DataPlane) : "iptables",
    datastore: kept["datastore"] === "etcd" ? "etcd" : "kubernetes",
    detection: textOf(kept["detection"]) || "first-found",
    detection6: textOf(kept["detection6"]),
    bgp: kept["bgp"] === true,
    peers: typeof kept["peers"] === "number" ? kept["peers"] : 0,
    encrypts: kept["encrypts"] === true,
    typha: kept["typha"] === true,
    native: kept["native"] === true,
    served: Array.isArray(kept["served"]) ? kept["served"].filter((one) => typeof one === "string") : [],
    policyOnlyOn: textOf(kept["policyOnlyOn"]),
  };
}

/** What it keeps is not in the API, or not its own: there may be no pool to be seen, and it is refused whatever its pools say. */
export const hasNoPools = ({ datastore, policyOnlyOn }: CalicoSetup): boolean =>
  datastore === "etcd" || policyOnlyOn !== "";

/** Rights are asked for before it is known how it was installed: the operator has a namespace of its own. */
export const isByOperator = ({ namespace, own }: Pick<SourceFacts, "namespace" | "own">): boolean =>
  own === null ? namespace === operatorNamespace : calicoSetup({ own }).install === "operator";

/** As it is kept in the plan. */
export const keptSetup = (setup: CalicoSetup): JsonObject => ({ ...setup, served: [...setup.served] });

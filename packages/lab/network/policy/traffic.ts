import type { PodObject } from "../../cni/kinds.ts";
import { namedPort } from "../listening.ts";

/** Of the guarded pod: what comes to it, or what leaves it. */
export type Direction = "Ingress" | "Egress";

/** A pod as selectors see it. */
export interface Member {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespaceLabels: Readonly<Record<string, string>>;
}

/** One packet as whoever enforces policies at one of its ends sees it. */
export interface Traffic {
  readonly direction: Direction;
  /** "tcp", "udp"; "ipip" for a tunnel without ports. */
  readonly protocol: string;
  readonly port: number;
  /** Who it comes from or goes to: the address in its header. */
  readonly other: {
    readonly ip: string;
    /** The pod that it is taken for; null where it is taken for none. */
    readonly member: Member | null;
    /** Whether ranges of addresses are compared with it at all: Cilium does so only with what lies outside the cluster. */
    readonly hasRange: boolean;
  };
  /** The pod that it comes to, whose names for ports count; null where it is none. */
  readonly receiver: PodObject | null;
}

/** A port by its number or by the receiver's name for it; the upper end where it is a range. */
export function meetsPort(
  { port, receiver }: Pick<Traffic, "port" | "receiver">,
  wanted: number | string,
  last?: number,
): boolean {
  if (typeof wanted === "string") return receiver !== null && namedPort(receiver, wanted) === port;
  return last === undefined ? port === wanted : port >= wanted && port <= last;
}

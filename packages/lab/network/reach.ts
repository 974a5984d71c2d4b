import type { KubeObject } from "../objects.ts";

export interface Destination {
  /** A pod's, node's or service's address. */
  readonly ip: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  /** Of the largest packet that is sent, headers included; small where it is not said. */
  readonly bytes?: number;
}

/** Whether a packet gets there and an answer back, at this moment. */
export type Reach =
  /** `source`: the address that the other end sees (masquerading between the overlays hides the pod's own). */
  | { readonly ok: true; readonly via: readonly string[]; readonly source: string }
  | { readonly ok: false; readonly reason: string };

/** The network as the state of both overlays makes it, at any moment; everything in the lab that sends traffic asks it. */
export interface Network {
  fromPod(pod: KubeObject, to: Destination): Reach;
  fromNode(node: string, to: Destination): Reach;
  /** Through the pod's resolver: the cluster's DNS service, which must be reachable and answering. */
  resolve(pod: KubeObject, name: string): { readonly ip: string } | { readonly error: string };
}

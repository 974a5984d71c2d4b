/** One line of what a prober is to ask. */
export interface ProberTarget {
  /** Comes back with the counts. */
  readonly id: string;
  readonly kind: "udp" | "tcp" | "hold" | "http" | "connect" | "dns";
  readonly ip: string;
  readonly port: number;
  /** Of the IP packet for UDP, of the payload for TCP; 0: as small as it can be. */
  readonly sizeBytes: number;
  /** UDP: the port that the answer goes to, in the place of the one that was sent from. */
  readonly answerPort?: number;
  /** HTTP. */
  readonly path?: string;
  /** DNS. */
  readonly name?: string;
}

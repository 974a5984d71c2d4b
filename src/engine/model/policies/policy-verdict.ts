/** One end of a connection as an agent saw it. */
export interface VerdictEnd {
  readonly ip: string;
  /** Null where the protocol has none. */
  readonly port: number | null;
}

/** What policies made of one new connection, told by the agent of the node where the guarded pod is. */
export interface PolicyVerdict {
  readonly node: string;
  /** Of the guarded pod: what came to it, or what left it. */
  readonly direction: "ingress" | "egress";
  /** "audited": refused by the policies, and let through because they are only tried. */
  readonly action: "denied" | "audited";
  /** In Kubernetes' spelling: TCP, UDP, SCTP, ICMP; another one by its number. */
  readonly protocol: string;
  readonly source: VerdictEnd;
  readonly destination: VerdictEnd;
  /** Cilium's security identity of the other end: 1 to 255 are reserved ones (2 is the world), numbers of 16 bits are pods', 0 where it was not said. */
  readonly otherIdentity: number;
}

/** Whose policies spoke. */
export const guardedEnd = ({ direction, source, destination }: PolicyVerdict): VerdictEnd =>
  direction === "ingress" ? destination : source;

/** The end at which nobody was asked. */
export const otherEnd = ({ direction, source, destination }: PolicyVerdict): VerdictEnd =>
  direction === "ingress" ? source : destination;

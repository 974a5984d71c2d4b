import type { Said, SayersOf } from "../said.ts";

interface Paths {
  readonly paths: readonly string[];
  readonly more: number;
}

const someOf = ({ paths, more }: Paths, most: number) => {
  const others = more + Math.max(0, paths.length - most);
  return `${paths.slice(0, most).join("; ")}${others > 0 ? ` and ${others} more` : ""}`;
};

const loss =
  (what: string, clearedBy: string) =>
  (paths: Paths): Said => ({ text: `${what} to pass: ${someOf(paths, 2)}`, clearedBy });

/** Which traffic has to pass. */
export const trafficWords: SayersOf<
  | "baseline-traffic-lost"
  | "source-traffic-lost"
  | "cilium-traffic-lost"
  | "tunnel-traffic-lost"
  | "traffic-not-measured"
  | "drops-watched"
> = {
  "drops-watched": ({ seconds }) => ({
    text: `what policies refuse on every node to be watched for ${seconds} s`,
    clearedBy: "time",
  }),
  "baseline-traffic-lost": loss("the baseline", "the cluster's own network working"),
  "source-traffic-lost": loss("traffic", "the old CNI's network, which the node is on"),
  "cilium-traffic-lost": loss("traffic", "Cilium's datapath coming up"),
  "tunnel-traffic-lost": ({ protocol, port, ...paths }) => ({
    text: `traffic through Cilium's tunnel (${protocol}, UDP ${port}) to pass: ${someOf(paths, 2)}`,
    clearedBy: `the overlay; a firewall may drop UDP ${port}`,
  }),
  "traffic-not-measured": (paths) => ({
    text: `traffic to be measured: ${someOf(paths, 1)}`,
    clearedBy: "a probe that runs to its end",
  }),
};

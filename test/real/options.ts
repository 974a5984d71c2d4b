import { parseArgs } from "node:util";

/** What a cluster that may be lost needs to be told; nothing of it is guessed. */
export interface RealOptions {
  /** The cluster's name by which the caller agrees to lose it; null asks on the terminal. */
  readonly yesBreak: string | null;
  /** Names of parts; empty for all. */
  readonly only: readonly string[];
  /** Flags that every run of crossfade gets: chart, version, values, reboot method. */
  readonly flags: readonly string[];
  /** By which a command runs as root on a node: its words, with {node} for the node's name. */
  readonly nodeCommand: readonly string[];
  /** An image that the nodes can have, with sh, for pods of the tests; null leaves the tests their own choice. */
  readonly image: string | null;
  /** UDP port of Cilium's overlay. */
  readonly tunnelPort: number;
}

/** As `npm run real -- --help` prints it. */
export const realHelp = `npm run real -- [--only PART]… [--yes-break CLUSTER] [options]

Breaks the cluster that KUBECONFIG names, on purpose and in many ways. kubectl and helm must be on PATH.

  --yes-break CLUSTER   agree without being asked: the cluster's name as in the kubeconfig
  --only PART           this part alone; repeatable (--list prints them)
  --chart FILE          passed on to crossfade, as are --cilium-version V, --helm-values FILE,
  --reboot METHOD       and --probe-image IMAGE (reboot: kind unless named)
  --node-command ARGV   root on a node: 'docker exec -i {node}' (default), 'ssh root@{node}'
  --image IMAGE         image with sh that the nodes can have, for pods of the tests
  --tunnel-port PORT    UDP port of Cilium's overlay (default: 8473)
  --list                print the parts and end
`;

const passedOn = ["chart", "cilium-version", "helm-values", "reboot", "probe-image"] as const;

/** Reads the command line; throws with a sentence. */
export function realOptions(argv: readonly string[]): RealOptions & { readonly list: boolean; readonly help: boolean } {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      "yes-break": { type: "string" },
      only: { type: "string", multiple: true },
      chart: { type: "string" },
      "cilium-version": { type: "string" },
      "helm-values": { type: "string" },
      reboot: { type: "string", default: "kind" },
      "probe-image": { type: "string" },
      "node-command": { type: "string", default: "docker exec -i {node}" },
      image: { type: "string" },
      "tunnel-port": { type: "string", default: "8473" },
      list: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  return {
    yesBreak: values["yes-break"] ?? null,
    only: values.only ?? [],
    flags: passedOn.flatMap((name) => (values[name] === undefined ? [] : [`--${name}`, values[name]])),
    nodeCommand: values["node-command"].split(/\s+/).filter((word) => word !== ""),
    image: values.image ?? null,
    tunnelPort: Number(values["tunnel-port"]),
    list: values.list === true,
    help: values.help === true,
  };
}

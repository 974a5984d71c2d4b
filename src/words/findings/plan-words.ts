import type { planFindings } from "../../engine/model/reasons/findings/plan-findings.ts";
import { counted } from "../../engine/model/some-of.ts";
import { failureIn } from "../failure-in.ts";
import { type ChecksInWords, found } from "./found.ts";

interface Pinned {
  readonly chart: string;
  readonly version: string;
  readonly digest: string;
}

const pinned = ({ chart, version, digest }: Pinned) => `${chart}, version ${version}, sha256:${digest}`;

const andMore = (more: number): readonly string[] => (more === 0 ? [] : [`and ${more} more`]);

interface Ways {
  readonly source: string;
  readonly nodes: number;
  readonly statefulSets: number;
  readonly localVolumes: number | null;
  readonly loadBalancers: number;
  readonly minutes: number;
  readonly cutOverMinutes: number;
  readonly newClusterMinutes: number;
}

function inHours(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${minutes} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

const cutOver = ({ source, cutOverMinutes }: Ways) =>
  `A cut-over (${source} removed, Cilium installed and all nodes restarted at once) takes about ${inHours(cutOverMinutes)}, during which no pod has a network; a rollback is another outage of that length.`;

function newCluster({ nodes, statefulSets, localVolumes, loadBalancers, newClusterMinutes }: Ways): string {
  const volumes = localVolumes === null ? "an unknown number of local volumes" : counted(localVolumes, "local volume");
  const more = [
    counted(nodes, "more machine"),
    `${counted(statefulSets, "StatefulSet")} and ${volumes} to copy`,
    ...(loadBalancers === 0 ? [] : [`${counted(loadBalancers, "load balancer")} to redirect`]),
  ];
  return `A new cluster takes about ${inHours(newClusterMinutes)} and ${more.join(", ")}; choose it if you want to change more than the network.`;
}

/** Checks of the plan's chart and of the operator's values: names, and what each finds. */
export const planWords: ChecksInWords<typeof planFindings> = {
  chart: {
    title: "The chart",
    finds: {
      "chart-unread": ({ chart, failure }, audience, { say }) => {
        const { message, remedy } = failureIn(say, failure, audience, undefined);
        return found(`${chart} could not be read: ${message}`, remedy);
      },
      "chart-of-other-name": ({ chart, name }) =>
        found(
          `${chart} is the chart ${name}, not cilium`,
          "give the address of Cilium's own chart, or of a copy of it",
        ),
      "chart-of-other-version": ({ chart, found: is, version }) =>
        found(
          `${chart} is cilium ${is}, and the plan needs ${version}`,
          `use --cilium-version ${is}, or give the chart of ${version}`,
        ),
      "chart-refuses-values": ({ chart, first, more }) =>
        found(
          `${chart}: its schema rejects values that a migration needs: ${[...first, ...andMore(more)].join("; ")}`,
          "choose another --cilium-version",
        ),
      "chart-without-schema": (chart) =>
        found(
          `${pinned(chart)}, has no values.schema.json: only the chart's templates check your values file`,
          "check your values file again: a misspelt key has no effect and no message",
        ),
      "chart-read": (chart) => found(pinned(chart)),
    },
  },
  "why-in-place": {
    title: "Why node by node",
    finds: {
      "node-by-node": (ways) =>
        found(
          `Node by node takes about ${inHours(ways.minutes)}: one of ${ways.nodes} nodes is out of service at a time, both networks carry traffic, and the whole run can be rolled back until ${ways.source} is removed. ${cutOver(ways)} ${newCluster(ways)}`,
        ),
      "one-node-in-place": (ways) =>
        found(
          `On one node everything is down while it is migrated, about ${inHours(ways.minutes)} in all, with a rollback until ${ways.source} is removed. ${cutOver(ways)} ${newCluster(ways)}`,
        ),
    },
  },
  "user-values": {
    title: "Your values file",
    ok: "No values file was given",
    finds: {
      "values-file-usable": () => found("Your values file can be used as it is"),
      "values-file-doubtful": ({ first, more }) =>
        found(
          `Your values file can be used, but ${[...first, ...andMore(more)].join("; ")}`,
          "check it again with this in mind",
        ),
    },
  },
};

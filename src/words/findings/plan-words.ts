import type { planFindings } from "../../engine/model/reasons/findings/plan-findings.ts";
import { failureIn } from "../failure-in.ts";
import { type ChecksInWords, found } from "./found.ts";

interface Pinned {
  readonly chart: string;
  readonly version: string;
  readonly digest: string;
}

const pinned = ({ chart, version, digest }: Pinned) => `${chart}, version ${version}, sha256:${digest}`;

const andMore = (more: number): readonly string[] => (more === 0 ? [] : [`and ${more} more`]);

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

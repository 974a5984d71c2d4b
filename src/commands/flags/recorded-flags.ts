import { type CiliumTarget, chartPlace, type Plan, type RebootMethod } from "../../engine/model/plan-types.ts";
import type { RunRecord } from "../../engine/model/ports/records.ts";
import { overlaps, parseCidr } from "../../engine/net/cidr.ts";
import type { PlanInput } from "../../engine/plan/plan-input.ts";
import { mergeUserValues } from "../../engine/values/user-values.ts";
import type { Given } from "../command.ts";
import { CommandError } from "../command-error.ts";
import { type planFlags, planInput } from "./plan-flags.ts";

type PlanFlag = keyof typeof planFlags;

/** A flag beside the run that is recorded: what it asks for and what the run has, in words that are compared. */
interface Compared {
  readonly asked: string;
  readonly recorded: string;
}
type Compare = (input: PlanInput, record: Recorded) => Compared;

/** What of a run a flag can differ from; of one at work as well as of one on record. */
export type Recorded = Pick<RunRecord, "plan" | "whenLeft">;

const rebootWords = (reboot: RebootMethod): string =>
  reboot.method === "command" ? `command ${JSON.stringify(reboot.argv)}` : reboot.method;
const chartWords = ({ chart }: Pick<CiliumTarget, "chart">): string => chartPlace(chart);
/** As the flags are written: 10m and not 10 m. */
function time(ms: number): string {
  if (ms % 60_000 === 0) return ms === 0 ? "0" : `${ms / 60_000}m`;
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}
const listed = (names: readonly string[]): string => names.toSorted().join(",") || "none";

const target =
  (part: (target: CiliumTarget) => unknown, asked: (input: PlanInput) => unknown): Compare =>
  (input, { plan }) => ({ asked: String(asked(input)), recorded: String(part(plan.cilium)) });
const option =
  (words: (input: PlanInput | Plan["options"]) => string): Compare =>
  (input, { plan }) => ({ asked: words(input), recorded: words(plan.options) });

const reboot = option((one) => rebootWords(one.reboot));

function extraCidrs({ extraCidrs: asked }: PlanInput, { plan }: Recorded): Compared {
  const pods = parseCidr(plan.cilium.podCidr);
  const hit = asked.find((text) => {
    const cidr = parseCidr(text);
    return cidr !== null && pods !== null && overlaps(cidr, pods);
  });
  return hit === undefined ? { asked: "", recorded: "" } : { asked: hit, recorded: `pods get ${plan.cilium.podCidr}` };
}

/** The file itself is not recorded, its values are: merged with ours they would be the recorded ones. */
function values({ userValues }: PlanInput, { plan }: Recorded): Compared {
  const same = (["initial", "final"] as const).every(
    (phase) => JSON.stringify(mergeUserValues(plan.cilium, phase, userValues)) === JSON.stringify(plan.values[phase]),
  );
  return { asked: "these values", recorded: same ? "these values" : "other values" };
}

/** What was said of it when the plan was made; a run goes on with another backup as well. */
const backup: Compare = () => ({ asked: "", recorded: "" });

const compare: Readonly<Record<PlanFlag, Compare>> = {
  "cilium-version": target(
    ({ version }) => version,
    ({ ciliumVersion }) => ciliumVersion.replace(/^v/, ""),
  ),
  chart: target(chartWords, chartWords),
  "chart-repo": target(chartWords, chartWords),
  "helm-values": values,
  "pod-cidr": target(
    ({ podCidr }) => podCidr,
    ({ podCidr }) => podCidr,
  ),
  "mask-size": target(
    ({ maskSize }) => maskSize,
    ({ maskSize }) => maskSize,
  ),
  "tunnel-port": target(
    ({ tunnelPort }) => tunnelPort,
    ({ tunnelPort }) => tunnelPort,
  ),
  "tunnel-protocol": target(
    ({ tunnelProtocol }) => tunnelProtocol,
    ({ tunnelProtocol }) => tunnelProtocol,
  ),
  "extra-cidr": extraCidrs,
  reboot,
  "reboot-command": reboot,
  soak: option(({ soakMs }) => time(soakMs)),
  "drain-timeout": option(({ drainTimeoutMs }) => time(drainTimeoutMs)),
  "reboot-timeout": option(({ rebootTimeoutMs }) => time(rebootTimeoutMs)),
  "on-node-failure": option(({ onNodeFailure }) => onNodeFailure),
  "max-failures": option(({ maxFailures }) => String(maxFailures)),
  retries: option(({ retries }) => String(retries)),
  "delete-emptydir-data": option(({ deleteEmptyDirData }) => (deleteEmptyDirData ? "yes" : "no")),
  "delete-bare-pods": option(({ deleteBarePods }) => (deleteBarePods ? "yes" : "no")),
  "second-reboot-round": (_input, { plan }) => ({
    asked: "a second round",
    recorded: plan.secondRound === true ? "a second round" : "none",
  }),
  "freeze-owners": (_input, { plan }) => ({
    asked: "frozen",
    recorded: plan.frozen === undefined ? "not frozen" : "frozen",
  }),
  "backup-taken": backup,
  accept: option(({ accept }) => listed(accept)),
  exclude: option(({ exclude }) => listed(exclude)),
  "when-left": (input, { whenLeft }) => ({ asked: input.whenLeft, recorded: whenLeft }),
  "probe-image": option(({ probeImage }) => probeImage),
};

const wasGiven = (value: Given[string]): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;

/** Refuses by name what the command line asks for and the recorded run does otherwise: it would be dropped in silence. */
export function checkAgainstRecord(given: Given): (record: Recorded) => void {
  const names = (Object.keys(compare) as readonly PlanFlag[]).filter((name) => wasGiven(given[name]));
  if (names.length === 0) return () => undefined;
  const input = planInput(given);
  return (record) => {
    const differ = names.flatMap((name) => {
      const { asked, recorded } = compare[name](input, record);
      return asked === recorded ? [] : [`--${name} ${asked} differs from the recorded run (${recorded})`];
    });
    if (differ.length === 0) return;
    throw new CommandError(
      "USAGE",
      differ.join("; "),
      "a run under way keeps its plan: omit the flags to go on with it, or roll it back and start a new run",
    );
  };
}

import type { LifeRecord, LockState, RunRecord } from "../engine/ports.ts";
import { harmlessJson } from "../store/foreign.ts";
import type { Command } from "./command.ts";
import { inWords } from "./durations.ts";
import { exitCodes } from "./exit-codes.ts";
import { clusterFlags, isSet } from "./flags.ts";
import { openCluster } from "./open-cluster.ts";
import { visible } from "./visible.ts";
import { withoutKeys } from "./without-keys.ts";

interface Status {
  readonly record: RunRecord | null;
  readonly lives: Readonly<Record<string, LifeRecord>>;
  readonly lock: LockState | null;
}

function paceOf({ record, lock }: Status): string {
  if (record?.finished) return `finished: ${record.finished.outcome}, ${new Date(record.finished.at).toISOString()}`;
  if (record?.paused) return "paused";
  return lock && !lock.expired ? "running" : "nobody runs it: crossfade goes on with it";
}

function heldBy(lock: LockState | null): string {
  if (!lock) return "held by nobody";
  const since = new Date(lock.since).toISOString();
  if (!lock.expired) return `held by ${lock.holder} since ${since}`;
  return `held by nobody any more: ${lock.holder}, who had it since ${since}, has not been heard of since ${new Date(lock.renewedAt).toISOString()}`;
}

function nodeLine(name: string, record: LifeRecord | undefined): string {
  if (!record) return `  ${name}: queued`;
  const { life } = record;
  if (life.phase === "failed")
    return `  ${name}: FAILED at ${life.step}: ${life.failure.message} — ${withoutKeys(life.failure.remedy, name)}`;
  if (life.phase === "migrated") return `  ${name}: migrated in ${inWords(life.tookMs)}`;
  return `  ${name}: ${life.phase}${"step" in life ? ` at ${life.step}` : ""}${life.phase === "excluded" ? ` (${life.because})` : ""}`;
}

function statusLines(status: Status): readonly string[] {
  const { record, lives, lock } = status;
  if (!record) return ["no run is recorded on this cluster"];
  const { plan } = record;
  const done = Object.values(lives).filter(({ life }) => life.phase === "migrated").length;
  return [
    `${plan.source.id} → Cilium ${plan.cilium.version} on ${plan.cluster.context}, plan ${plan.hash.slice(0, 12)}`,
    `${paceOf(status)}; ${done} of ${plan.nodes.length} nodes migrated; ${record.direction === "back" ? "undoing" : "moving forward"}`,
    heldBy(lock),
    `steps done: ${Object.keys(record.stepsDone).join(", ") || "none"}`,
    ...plan.nodes.map(({ name }) => nodeLine(name, lives[name])),
  ];
}

/** What the cluster records of a run; takes no lease and changes nothing. */
export const status: Command = {
  name: "status",
  summary: "Say where the run stands and who holds it; touches nothing",
  flags: { json: { type: "boolean", help: "as JSON" }, ...clusterFlags },
  async run(given, _operands, world) {
    const cluster = await openCluster(given, world);
    try {
      const { records, lock } = cluster.ports;
      const seen: Status = { record: await records.run(), lives: await records.lives(), lock: await lock.state() };
      if (isSet(given, "json")) world.stdout.write(`${harmlessJson(seen, 2)}\n`);
      else for (const line of statusLines(seen)) world.stdout.write(`${visible(line)}\n`);
      const failed = Object.values(seen.lives).some(({ life }) => life.phase === "failed");
      if (failed && !seen.record?.finished) return exitCodes.failed;
      return seen.record?.paused && !seen.record.finished ? exitCodes.waiting : exitCodes.done;
    } finally {
      await cluster.close();
    }
  },
};

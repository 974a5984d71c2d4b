import type { RunRecord } from "../../engine/model/ports/records.ts";
import { notAgreed } from "../../engine/run/agree-first.ts";
import { unagreed } from "../../engine/run/agreement.ts";
import { LocalAgreements } from "../../runner/agreements.ts";
import { agreementsPath, type ClusterName } from "../../runner/places.ts";
import type { Given, World } from "../command.ts";
import { agreedHash } from "../flags/flags.ts";
import { plainLines } from "./plain-lines.ts";

/** What was agreed to on this machine of a cluster's runs. */
export const agreementsOf = (cluster: ClusterName, { env }: Pick<World, "env">): LocalAgreements =>
  new LocalAgreements(agreementsPath(cluster, env));

/**
 * Before somebody's engine is asked to let go: a run that could then not be gone on with here would be left to nobody.
 * What it would run stands on stdout, as every command shows it.
 */
export function refuseUnagreed(record: RunRecord, cluster: ClusterName, given: Given, world: World): void {
  const asked = unagreed(record, agreementsOf(cluster, world));
  const { agree } = agreedHash(given);
  if (asked === null || (agree !== undefined && asked.hash.startsWith(agree))) return;
  for (const line of plainLines({ type: "agreement-asked", at: Date.now(), asked })) world.stdout.write(`${line}\n`);
  throw notAgreed(asked);
}

import { note } from "../model/notes/note.ts";
import { done, type Observation, waiting } from "../model/observation.ts";
import { sameValues } from "../model/plan/same-values.ts";
import type { JsonObject } from "../model/plan-types.ts";
import type { RunScope } from "../model/step.ts";

/** The release is deployed with exactly these values. */
export async function deployedWith({ ports }: RunScope, values: JsonObject): Promise<Observation> {
  const release = await ports.installer.release();
  if (!release) return waiting("release-missing", {});
  if (release.status !== "deployed") return waiting("release-unfinished", { status: release.status });
  if (sameValues((await ports.installer.values()) ?? {}, values)) return done;
  return waiting("release-values-differ", {});
}

/** A helm that was killed in mid-work leaves its release like this, and helm itself refuses to go on from it. */
const leftByKilledHelm = (status: string): boolean => status.startsWith("pending") || status === "uninstalling";

/** Runs helm; a release that a killed helm left half-done is brought back first. */
export async function deploy({ ports, plan, signal, log }: RunScope, values: JsonObject): Promise<void> {
  const release = await ports.installer.release();
  if (release && leftByKilledHelm(release.status)) {
    log("warning", note("release-half-done", { status: release.status }));
    await ports.installer.recover(signal);
  }
  await ports.installer.apply(plan.cilium, values, signal);
}

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { World } from "./lab-run.ts";

/**
 * In which a command finds a lab and is as patient with its API as with any other: a lab's kubeconfig says how fast its clock runs, by
 * which every wait for an answer is shortened, too far for a test beside others.
 */
export function patientEnvironment(world: World, folder: string, token: string | null = null): Record<string, string> {
  const env = world.environment(null, token);
  const KUBECONFIG = join(folder, "patient-kubeconfig");
  writeFileSync(KUBECONFIG, readFileSync(env.KUBECONFIG, "utf8").replace("crossfade/clock", "another/clock"), {
    mode: 0o600,
  });
  return { ...(env as Record<string, string>), KUBECONFIG, HOME: folder };
}

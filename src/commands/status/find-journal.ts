import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { CrossfadeError } from "../../engine/model/errors.ts";
import { someOf } from "../../engine/model/some-of.ts";
import { chooseContext } from "../../kube/auth/kubeconfig.ts";
import { journalPath, journalsFolder } from "../../runner/places.ts";
import type { Given, World } from "../command.ts";
import { CommandError } from "../command-error.ts";
import { text } from "../flags/flags.ts";
import { visible } from "../headless/visible.ts";

/** So many are named; a machine that tried many demos has more. */
const mostNamed = 8;

/** The journals of this machine, the newest first; without those that were kept aside or written beside another. */
function journalsHere({ env }: Pick<World, "env">): readonly string[] {
  const folder = journalsFolder(env);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^(?!.*\.\d+\.jsonl$).*\.jsonl$/.test(name))
    .map((name) => join(folder, name))
    .toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
}

const named = (paths: readonly string[]): string => someOf(paths, mostNamed);

/** The journal of the cluster that kubeconfig and flags name; null where no kubeconfig does and none was asked for. */
function ofCluster(given: Given, { env }: Pick<World, "env">): string | null {
  const choice = { kubeconfig: text(given, "kubeconfig"), context: text(given, "context"), env };
  try {
    return journalPath(chooseContext(choice), env);
  } catch (thrown) {
    const isAsked = choice.kubeconfig !== undefined || choice.context !== undefined;
    if (isAsked || !(thrown instanceof CrossfadeError) || thrown.code !== "KUBECONFIG") throw thrown;
    return null;
  }
}

function noneOfCluster(path: string, others: readonly string[]): CrossfadeError {
  const remedy =
    others.length === 0
      ? "run it where the migration ran, or give --journal FILE"
      : `run it where the migration ran, or give --journal one of this machine's others: ${named(others)}`;
  return new CommandError("USAGE", `there is no journal ${path}`, remedy);
}

/**
 * The journal that is meant: the one that is named, else the cluster's. Without a kubeconfig, as after a demo, it is the
 * newest of this machine, and that is said where there are others.
 */
export function findJournal(given: Given, world: Pick<World, "env" | "stderr">): string {
  const asked = text(given, "journal");
  if (asked !== undefined) return resolve(asked);
  const path = ofCluster(given, world);
  const here = journalsHere(world);
  if (path !== null) {
    if (existsSync(path)) return path;
    throw noneOfCluster(path, here);
  }
  const [newest, ...others] = here;
  if (newest === undefined)
    throw new CommandError(
      "USAGE",
      `no run was made on this machine: there is no kubeconfig, and no journal in ${journalsFolder(world.env)}`,
      "run it where the migration ran, or give --journal FILE",
    );
  if (others.length > 0)
    world.stderr.write(
      `${visible(`crossfade: no kubeconfig names a cluster, so this is the newest journal of this machine: ${newest}; --journal tells another: ${named(others)}`)}\n`,
    );
  return newest;
}

import { HelmError } from "../helm-error.ts";
import { type Release, withStatus } from "../release.ts";
import type { Session } from "../session.ts";
import { waitIfAsked, writeObjects } from "./deploy.ts";
import { isDryRun } from "./install.ts";

/** helm rollback NAME [REVISION]: also the way out of a pending upgrade. */
export async function rollback(session: Session, [name = "", revision = "0"]: readonly string[]): Promise<void> {
  const { releases, namespace } = session;
  const history = await releases.history(namespace, name);
  const last = history.at(-1);
  if (!last) throw new HelmError("release: not found");
  const wanted = Number(revision) || last.version - 1;
  const target = history.find(({ version }) => version === wanted);
  if (!target) throw new HelmError(wanted === 0 ? `release has no 0 version` : `release has no ${wanted} version`);
  if (!isDryRun(session)) await rollTo(session, target);
  session.print("Rollback was a success! Happy Helming!");
}

/** Makes a new revision of an old one. */
export async function rollTo(session: Session, target: Release): Promise<void> {
  const { releases, namespace } = session;
  const history = await releases.history(namespace, target.name);
  const last = history.at(-1) ?? target;
  const now = new Date().toISOString();
  const release: Release = {
    ...target,
    version: last.version + 1,
    info: {
      ...target.info,
      last_deployed: now,
      status: "pending-rollback",
      description: `Rollback to ${target.version}`,
    },
  };
  await releases.create(release);
  try {
    await writeObjects(session, release, last);
    await waitIfAsked(session, release);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await releases.update(withStatus(release, "failed", `Rollback "${release.name}" failed: ${reason}`));
    throw error;
  }
  for (const old of history)
    if (old.info.status === "deployed") await releases.update(withStatus(old, "superseded", old.info.description));
  await releases.update(withStatus(release, "deployed", `Rollback to ${target.version}`));
}

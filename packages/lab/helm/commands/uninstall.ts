import { durationMs } from "../command-line.ts";
import { HelmError } from "../helm-error.ts";
import { fromManifest } from "../manifest.ts";
import { deleteObject } from "../objects-api.ts";
import { type Release, withStatus } from "../release.ts";
import type { Session } from "../session.ts";
import { waitUntilGone } from "../wait.ts";
import { isDryRun } from "./install.ts";

/** helm uninstall NAME: what Cilium left on nodes, its CRDs and their objects stay. */
export async function uninstall(session: Session, names: readonly string[]): Promise<void> {
  for (const name of names) await uninstallOne(session, name);
}

async function uninstallOne(session: Session, name: string): Promise<void> {
  const { cluster, releases, namespace, line, signal, clock } = session;
  const history = await releases.history(namespace, name);
  const last = history.at(-1);
  if (!last) {
    if (line.flags["ignore-not-found"] === "true") return;
    throw new HelmError(`uninstall: Release not loaded: ${name}: release: not found`);
  }
  if (!isDryRun(session)) {
    await releases.update(withStatus(last, "uninstalling", "Deletion in progress (or silently failed)"));
    const objects = fromManifest(last.manifest).toReversed();
    for (const object of objects) await deleteObject(cluster, object);
    if (line.flags.wait !== undefined && line.flags.wait !== "false") {
      await waitUntilGone(cluster, objects, { timeoutMs: durationMs(line.flags.timeout ?? "5m0s"), signal, clock });
    }
    await forget(session, history, last);
  }
  session.print(`release "${name}" uninstalled`);
}

async function forget({ releases, line }: Session, history: readonly Release[], last: Release): Promise<void> {
  const keeps = line.flags["keep-history"] === "true";
  for (const release of history) if (release !== last || !keeps) await releases.remove(release);
  if (keeps) await releases.update(withStatus(last, "uninstalled", "Uninstallation complete"));
}

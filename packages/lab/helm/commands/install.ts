import { chartOf } from "../chart-reference.ts";
import { HelmError } from "../helm-error.ts";
import { fromManifest } from "../manifest.ts";
import { deleteObject } from "../objects-api.ts";
import type { Release } from "../release.ts";
import type { Session } from "../session.ts";
import { userValues } from "../user-values.ts";
import { carryOut, isAtomic, prepare } from "./deploy.ts";
import { printRelease } from "./print-release.ts";

/** helm install, also for `upgrade --install` where there is no release yet. */
export async function install(session: Session, [name = "", reference = ""]: readonly string[]): Promise<void> {
  const { line, namespace, releases } = session;
  const chart = chartOf(line, reference);
  try {
    const last = (await releases.history(namespace, name)).at(-1);
    if (last && last.info.status !== "uninstalled") throw new HelmError("cannot re-use a name that is still in use");
    const version = (last?.version ?? 0) + 1;
    await installNew(
      session,
      await prepare(session, { name, chart, config: userValues(line), current: null, version }),
    );
  } catch (error) {
    if (error instanceof HelmError) throw new HelmError(`INSTALLATION FAILED: ${error.message}`, { cause: error });
    throw error;
  }
}

async function installNew(session: Session, release: Release): Promise<void> {
  if (isDryRun(session)) {
    printRelease(session, { ...release, info: { ...release.info, description: "Dry run complete" } });
    return;
  }
  if (session.line.flags["create-namespace"] === "true") await createNamespace(session);
  const done = await carryOut(session, release, null).catch((error: unknown) => takeBack(session, release, error));
  printRelease(session, done);
}

/** A failed first installation leaves nothing where that was asked for. */
async function takeBack(session: Session, release: Release, error: unknown): Promise<never> {
  const { cluster, releases, namespace } = session;
  const kept = (await releases.history(namespace, release.name)).find(({ version }) => version === release.version);
  if (!isAtomic(session) || !kept) throw error;
  for (const object of fromManifest(release.manifest).toReversed()) await deleteObject(cluster, object);
  await releases.remove(kept);
  const message = error instanceof Error ? error.message : String(error);
  throw new HelmError(
    `release ${release.name} failed, and has been uninstalled due to rollback-on-failure being set: ${message}`,
    { cause: error },
  );
}

export function isDryRun({ line: { flags } }: Session): boolean {
  return flags["dry-run"] !== undefined && flags["dry-run"] !== "none" && flags["dry-run"] !== "false";
}

async function createNamespace({ cluster, namespace }: Session): Promise<void> {
  if (await cluster.request("GET", `/api/v1/namespaces/${namespace}`)) return;
  await cluster.request("POST", "/api/v1/namespaces", {
    body: { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: { name: namespace } } },
  });
}

/** helm template: what would be written, without a cluster. */
export async function template(session: Session, [name = "", reference = ""]: readonly string[]): Promise<void> {
  const chart = chartOf(session.line, reference);
  const release = await prepare(session, { name, chart, config: userValues(session.line), current: null, version: 1 });
  session.print(release.manifest.trimEnd());
}

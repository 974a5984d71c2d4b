import { chartOf } from "../chart-reference.ts";
import { HelmError } from "../helm-error.ts";
import { fromManifest } from "../manifest.ts";
import { deleteObject } from "../objects-api.ts";
import type { Session } from "../session.ts";
import { userValues } from "../user-values.ts";
import { carryOut, isAtomic, prepare } from "./deploy.ts";
import { printRelease } from "./print-release.ts";

/** helm install, also for `upgrade --install` where there is no release yet. */
export async function install(session: Session, [name = "", reference = ""]: readonly string[]): Promise<void> {
  const { line, namespace, releases } = session;
  const chart = chartOf(line, reference);
  try {
    const history = await releases.history(namespace, name);
    const last = history.at(-1);
    if (last && last.info.status !== "uninstalled") throw new HelmError("cannot re-use a name that is still in use");
    const release = await prepare(session, {
      name,
      chart,
      config: userValues(line),
      current: null,
      version: (last?.version ?? 0) + 1,
    });
    if (isDryRun(session)) {
      printRelease(session, { ...release, info: { ...release.info, description: "Dry run complete" } });
      return;
    }
    if (line.flags["create-namespace"] === "true") await createNamespace(session);
    printRelease(session, await carryOut(session, release, null));
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    if (isAtomic(session) && !isDryRun(session) && !/re-use a name|Unable to continue/.test(error.message)) {
      await takeBack(session, name);
      throw new HelmError(
        `INSTALLATION FAILED: release ${name} failed, and has been uninstalled due to rollback-on-failure being set: ${error.message}`,
        { cause: error },
      );
    }
    throw new HelmError(`INSTALLATION FAILED: ${error.message}`, { cause: error });
  }
}

async function takeBack({ cluster, releases, namespace }: Session, name: string): Promise<void> {
  for (const release of await releases.history(namespace, name)) {
    for (const object of [...fromManifest(release.manifest)].reverse()) await deleteObject(cluster, object);
    await releases.remove(release);
  }
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

import type { KubeObject } from "../../objects.ts";
import type { Chart } from "../charts/catalog.ts";
import { checkValues } from "../charts/check-values.ts";
import { defaultValues } from "../charts/default-values.ts";
import { durationMs } from "../command-line.ts";
import { HelmError } from "../helm-error.ts";
import { fromManifest, identity, toManifest } from "../manifest.ts";
import { applyObject, deleteObject, readObject } from "../objects-api.ts";
import { owned, refuseForeign } from "../ownership.ts";
import { type Release, type ReleaseStatus, withStatus } from "../release.ts";
import { renderChart } from "../render/render-chart.ts";
import type { Session } from "../session.ts";
import { overlay, type Values } from "../values.ts";
import { waitForWorkloads } from "../wait.ts";

/** A revision that is to come. */
export interface Deployment {
  readonly name: string;
  readonly chart: Chart;
  readonly config: Values;
  /** Whose objects are in the cluster now; null for a first installation. */
  readonly current: Release | null;
  readonly version: number;
}

/** Renders and checks; changes nothing. */
export async function prepare(
  session: Session,
  { name, chart, config, current, version }: Deployment,
): Promise<Release> {
  const { namespace, cluster, line } = session;
  const defaults = defaultValues(chart);
  const values = overlay(defaults, config);
  if (line.flags["skip-schema-validation"] !== "true") checkValues(chart, values, line.major);
  const secrets = new Map<string, KubeObject>();
  if (!isClientRun(session)) {
    for (const secret of ["cilium-ca", "hubble-server-certs"]) {
      const found = await readObject(cluster, {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: secret, namespace },
      });
      if (found) secrets.set(secret, found);
    }
  }
  const objects = renderChart({ chart, values, namespace, existing: (_kind, secret) => secrets.get(secret) });
  const now = new Date().toISOString();
  return {
    name,
    namespace,
    version,
    config,
    manifest: toManifest(objects),
    chart: {
      metadata: { name: "cilium", version: chart.version, appVersion: chart.version, apiVersion: "v2" },
      values: defaults,
    },
    info: {
      first_deployed: current?.info.first_deployed ?? now,
      last_deployed: now,
      deleted: "",
      status: current ? "pending-upgrade" : "pending-install",
      description: current ? "Preparing upgrade" : "Initial install underway",
      notes: `Cilium ${chart.version} plays on a lab cluster.`,
    },
  };
}

function isClientRun({ line: { command, flags } }: Session): boolean {
  return command === "template" || flags["dry-run"] === "client" || flags["dry-run"] === "true";
}

/** Writes the release as pending, its objects, and the outcome. A helm that is killed leaves it pending. */
export async function carryOut(session: Session, release: Release, current: Release | null): Promise<Release> {
  const { releases, line } = session;
  const verb = current ? "Upgrade" : "Install";
  if (line.flags["take-ownership"] !== "true")
    await refuseForeign(session.cluster, added(release, current), release, session.signal);
  await releases.create(release);
  try {
    await writeObjects(session, release, current);
    await waitIfAsked(session, release);
  } catch (error) {
    const reason = session.signal.aborted ? "context canceled" : error instanceof Error ? error.message : String(error);
    await releases.update(
      withStatus(release, "failed", `${current ? "Upgrade" : "Release"} "${release.name}" failed: ${reason}`),
    );
    throw new HelmError(reason, { cause: error });
  }
  if (current && current.info.status === "deployed")
    await releases.update(withStatus(current, "superseded", current.info.description));
  const deployed = withStatus(release, "deployed", `${verb} complete`);
  await releases.update(deployed);
  await forgetOld(session, deployed);
  return deployed;
}

function added(release: Release, current: Release | null): readonly KubeObject[] {
  const known = new Set(current ? fromManifest(current.manifest).map(identity) : []);
  return fromManifest(release.manifest).filter((object) => !known.has(identity(object)));
}

/** Applies in order, then deletes what the chart has no more. */
export async function writeObjects(session: Session, release: Release, current: Release | null): Promise<void> {
  const { cluster, line, signal } = session;
  const wanted = fromManifest(release.manifest);
  const before = new Map(
    (current ? fromManifest(current.manifest) : []).map((object) => [identity(object), owned(object, release)]),
  );
  for (const object of wanted) {
    await applyObject(cluster, owned(object, release), {
      major: line.major,
      force: line.flags["force-conflicts"] === "true",
      before: before.get(identity(object)),
      signal,
    });
    before.delete(identity(object));
  }
  for (const object of before.values()) await deleteObject(cluster, object);
}

/** Asking for a roll-back implies waiting. */
export async function waitIfAsked(session: Session, release: Release): Promise<void> {
  const { line, cluster, signal, clock } = session;
  const wait = line.flags.wait ?? (isAtomic(session) ? "true" : "false");
  if (wait === "false" || wait === "hookOnly") return;
  await waitForWorkloads(cluster, fromManifest(release.manifest), {
    timeoutMs: durationMs(line.flags.timeout ?? "5m0s"),
    signal,
    clock,
  });
}

export function isAtomic({ line: { flags } }: Session): boolean {
  return flags.atomic === "true" || flags["rollback-on-failure"] === "true";
}

/** Keeps the newest revisions, the deployed one always. */
async function forgetOld(session: Session, { namespace, name, version }: Release): Promise<void> {
  const keep = Number(session.line.flags["history-max"] ?? 10);
  if (keep === 0) return;
  const old = (await session.releases.history(namespace, name))
    .filter((release) => release.version < version)
    .slice(0, -(keep - 1) || undefined);
  for (const release of old) if (release.info.status !== "deployed") await session.releases.remove(release);
}

/** States in which another helm is, or was, at work. */
export function isPending(status: ReleaseStatus): boolean {
  return status.startsWith("pending-");
}

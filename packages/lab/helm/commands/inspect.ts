import { HelmError } from "../helm-error.ts";
import type { Release, ReleaseStatus } from "../release.ts";
import type { Session } from "../session.ts";
import { overlay } from "../values.ts";
import { toYaml } from "../yaml.ts";
import { printRelease } from "./print-release.ts";

/** helm list: helm 3 hides what is pending unless asked, helm 4 shows everything. */
export async function list(session: Session): Promise<void> {
  const { flags, major } = session.line;
  const all = await session.releases.list(flags["all-namespaces"] === "true" ? null : session.namespace);
  const newest = new Map(all.map((release) => [`${release.namespace}/${release.name}`, release]));
  const filter = flags.filter === undefined ? null : new RegExp(flags.filter);
  const statuses = chosen(flags, major);
  const rows = [...newest.values()]
    .filter(({ name, info }) => (filter?.test(name) ?? true) && (statuses === null || statuses.includes(info.status)))
    .map(row);
  if (flags.short === "true") {
    session.print(rows.map(({ name }) => name).join("\n"));
    return;
  }
  show(session, rows);
}

function chosen(flags: Readonly<Record<string, string>>, major: number): readonly ReleaseStatus[] | null {
  const asked: ReleaseStatus[] = [];
  if (flags.deployed === "true") asked.push("deployed");
  if (flags.failed === "true") asked.push("failed");
  if (flags.superseded === "true") asked.push("superseded");
  if (flags.pending === "true") asked.push("pending-install", "pending-upgrade", "pending-rollback");
  if (asked.length > 0) return asked;
  return major >= 4 || flags.all === "true" ? null : ["deployed", "failed"];
}

function row({ name, namespace, version, info, chart }: Release) {
  return {
    name,
    namespace,
    revision: String(version),
    updated: goTime(info.last_deployed),
    status: info.status,
    chart: `cilium-${chart.metadata.version}`,
    app_version: chart.metadata.appVersion,
  };
}

export async function status(session: Session, [name = ""]: readonly string[]): Promise<void> {
  printRelease(session, await revisionOf(session, name));
}

export async function history(session: Session, [name = ""]: readonly string[]): Promise<void> {
  const max = Number(session.line.flags.max ?? 256);
  const releases = await session.releases.history(session.namespace, name);
  if (releases.length === 0) throw new HelmError("release: not found");
  const rows = releases.slice(-max).map(({ version, info, chart }) => ({
    revision: version,
    updated: info.last_deployed,
    status: info.status,
    chart: `cilium-${chart.metadata.version}`,
    app_version: chart.metadata.appVersion,
    description: info.description,
  }));
  show(session, rows);
}

/** helm get values|manifest|notes|metadata. */
export async function get(session: Session, [what = "", name = ""]: readonly string[]): Promise<void> {
  const release = await revisionOf(session, name);
  switch (what) {
    case "values":
      showValues(session, release);
      return;
    case "manifest":
      session.print(release.manifest.trimEnd());
      return;
    case "notes":
      session.print(`NOTES:\n${release.info.notes ?? ""}`);
      return;
    case "metadata":
      show(session, [row(release)]);
      return;
    default:
      throw new HelmError(
        `unknown command "${what}" for "helm get" (the lab's helm knows values, manifest, notes and metadata)`,
      );
  }
}

function showValues({ line: { flags }, print }: Pick<Session, "line" | "print">, release: Release): void {
  const all = flags.all === "true";
  const values = all ? overlay(release.chart.values, release.config) : release.config;
  if (flags.output === "json") print(JSON.stringify(values));
  else if (flags.output === "yaml") print(toYaml(values).trimEnd());
  else print(`${all ? "COMPUTED" : "USER-SUPPLIED"} VALUES:\n${toYaml(values).trimEnd()}`);
}

async function revisionOf(session: Session, name: string): Promise<Release> {
  const { revision } = session.line.flags;
  if (revision === undefined) return session.releases.last(session.namespace, name);
  const found = (await session.releases.history(session.namespace, name)).find(
    ({ version }) => version === Number(revision),
  );
  if (!found) throw new HelmError("release: not found");
  return found;
}

function show(session: Session, rows: readonly Readonly<Record<string, unknown>>[]): void {
  const { output } = session.line.flags;
  if (output === "json") session.print(JSON.stringify(rows));
  else if (output === "yaml") session.print(toYaml(rows).trimEnd());
  else {
    const names = Object.keys(
      rows[0] ?? { name: "", namespace: "", revision: "", updated: "", status: "", chart: "", app_version: "" },
    );
    const lines = [
      names.map((name) => name.replace("_", " ").toUpperCase()),
      ...rows.map((entry) => names.map((name) => String(entry[name]))),
    ];
    session.print(lines.map((cells) => cells.join("\t")).join("\n"));
  }
}

/** As Go prints a time: 2026-01-01 10:00:00.123 +0000 UTC. */
function goTime(iso: string): string {
  return iso.replace("T", " ").replace("Z", " +0000 UTC");
}

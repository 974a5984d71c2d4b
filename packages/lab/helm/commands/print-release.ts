import type { Release } from "../release.ts";
import type { Session } from "../session.ts";
import { toYaml } from "../yaml.ts";

/** What install, upgrade and status print: helm leaves the chart out of its JSON. */
export function printRelease(session: Session, release: Release): void {
  const { flags, major } = session.line;
  const { chart: _chart, ...shown } = release;
  if (flags.output === "json") {
    session.print(JSON.stringify({ ...shown, ...(major >= 4 ? { apply_method: "ssa" } : {}) }));
    return;
  }
  if (flags.output === "yaml") {
    session.print(toYaml(shown).trimEnd());
    return;
  }
  session.print(
    [
      `NAME: ${release.name}`,
      `LAST DEPLOYED: ${new Date(release.info.last_deployed).toUTCString()}`,
      `NAMESPACE: ${release.namespace}`,
      `STATUS: ${release.info.status}`,
      `REVISION: ${release.version}`,
      ...(release.info.notes ? ["NOTES:", release.info.notes] : []),
    ].join("\n"),
  );
  if (flags["dry-run"] !== undefined && flags["dry-run"] !== "none")
    session.print(`MANIFEST:\n${release.manifest.trimEnd()}`);
}

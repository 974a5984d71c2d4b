import { chartOf } from "../chart-reference.ts";
import type { Chart } from "../charts/catalog.ts";
import { HelmError } from "../helm-error.ts";
import type { Release } from "../release.ts";
import type { Session } from "../session.ts";
import { userValues } from "../user-values.ts";
import { overlay, type Values } from "../values.ts";
import { carryOut, isAtomic, isPending, prepare } from "./deploy.ts";
import { install, isDryRun } from "./install.ts";
import { printRelease } from "./print-release.ts";
import { rollTo } from "./rollback.ts";

/** helm upgrade [--install]. */
export async function upgrade(session: Session, args: readonly string[]): Promise<void> {
  const [name = "", reference = ""] = args;
  const { line, namespace, releases } = session;
  const history = await releases.history(namespace, name);
  const last = history.at(-1);
  if (line.flags.install === "true" && (!last || last.info.status === "uninstalled")) {
    if (line.flags.output === undefined) session.print(`Release "${name}" does not exist. Installing it now.`);
    return install(session, args);
  }
  const chart = chartOf(line, reference);
  try {
    await upgradeOver(session, history, chart);
  } catch (error) {
    if (error instanceof HelmError) throw new HelmError(`UPGRADE FAILED: ${error.message}`, { cause: error });
    throw error;
  }
}

async function upgradeOver(session: Session, history: readonly Release[], chart: Chart): Promise<void> {
  const last = history.at(-1);
  if (!last) throw new HelmError(`"${session.line.args[0] ?? ""}" has no deployed releases`);
  if (isPending(last.info.status)) throw new HelmError("another operation (install/upgrade/rollback) is in progress");
  const { name } = last;
  const current = currentOf(history, last);
  const config = newConfig(session, current);
  const release = await prepare(session, { name, chart, config, current, version: last.version + 1 });
  if (isDryRun(session)) {
    printRelease(session, { ...release, info: { ...release.info, description: "Dry run complete" } });
    return;
  }
  const done = await carryOut(session, release, current).catch((error: unknown) => undo(session, current, error));
  if (session.line.flags.output === undefined) session.print(`Release "${name}" has been upgraded. Happy Helming!`);
  printRelease(session, done);
}

/** The deployed revision, or a failed one where none ever was deployed. */
function currentOf(history: readonly Release[], last: Release): Release {
  const deployed = history.findLast(({ info }) => info.status === "deployed");
  if (deployed) return deployed;
  if (last.info.status === "failed" || last.info.status === "superseded") return last;
  throw new HelmError(`"${last.name}" has no deployed releases`);
}

/** Values of the last revision are kept only when asked for, or when none are given at all. */
function newConfig({ line }: Session, current: Release): Values {
  const given = userValues(line);
  const { flags } = line;
  if (flags["reset-values"] === "true") return given;
  if (flags["reuse-values"] === "true" || flags["reset-then-reuse-values"] === "true")
    return overlay(current.config, given);
  return Object.keys(given).length === 0 ? current.config : given;
}

async function undo(session: Session, current: Release, error: unknown): Promise<never> {
  const message = error instanceof Error ? error.message : String(error);
  if (!isAtomic(session)) throw error;
  try {
    await rollTo(session, current);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HelmError(
      `an error occurred while rolling back the release. original upgrade error: ${message}: ${why}`,
      { cause },
    );
  }
  throw new HelmError(
    `release ${current.name} failed, and has been rolled back due to rollback-on-failure being set: ${message}`,
    { cause: error },
  );
}

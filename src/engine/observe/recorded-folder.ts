import { backupSuffix, ciliumConfFile } from "../model/cilium-names.ts";
import type { Before } from "../model/node-state.ts";
import type { Plan } from "../model/plan-types.ts";
import { activeNames } from "./cni-files.ts";

/** Meta plugins stand in front of the CNI that gives pods their addresses. */
const meta = (name: string) => name.startsWith("00-multus");

/** The file by which the source gave pods their addresses on this node: what was active before, never a name of ours. */
export function sourceFileOf(before: Before | null, { source }: Pick<Plan, "source">): string {
  const first = activeNames(before?.cniFiles ?? []).find((name) => name !== ciliumConfFile && !meta(name));
  return first ?? source.confFile;
}

/** What an exclusive agent renames when it takes a node over: all configurations but its own, whoever put them there. */
export const renamedByCilium = (names: readonly string[]): readonly string[] =>
  activeNames(names).filter((name) => name !== ciliumConfFile);

/** What of the folder is not as it was recorded, and can be put right. */
export interface FolderDue {
  /** Recorded names that are only there as a backup. */
  readonly rename: readonly string[];
  /** Backups beside a file that its owner has written anew since. */
  readonly discard: readonly string[];
}

/** Compares a node's folder with what was recorded of it; without a record only the source's own file is known. */
export function folderDue(names: readonly string[], before: Before | null, sourceFile: string): FolderDue {
  const there = new Set(names);
  const recorded = before?.cniFiles ?? [];
  const wanted = [...new Set([sourceFile, ...renamedByCilium(recorded)])];
  return {
    rename: wanted.filter((name) => !there.has(name) && there.has(name + backupSuffix)),
    discard: wanted
      .filter((name) => there.has(name) && there.has(name + backupSuffix))
      .map((name) => name + backupSuffix)
      .filter((backup) => !recorded.includes(backup)),
  };
}

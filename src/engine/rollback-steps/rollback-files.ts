import { backupSuffix, ciliumConfFile } from "../model/cilium-names.ts";
import { note } from "../model/notes/note.ts";
import { done, waiting } from "../model/observation.ts";
import { theNode } from "../model/reason.ts";
import type { RollbackStep } from "../model/step.ts";
import { activeFiles } from "../observe/cni-files.ts";
import { folderDue, sourceFileOf } from "../observe/recorded-folder.ts";

/**
 * Puts the folder back as it was recorded: the source's file first, then those of others that Cilium renamed too, and
 * Cilium's own away last: the node is never without a configuration.
 */
export const rollbackFiles: RollbackStep = {
  id: "rollback-files",
  timeoutMs: 5 * 60_000,
  async observe({ ports, node, plan, before }) {
    const files = await ports.hosts.cniFiles(node);
    const active = activeFiles(files);
    const sourceFile = sourceFileOf(before, plan);
    const { rename, discard } = folderDue(
      files.map(({ name }) => name),
      before,
      sourceFile,
    );
    const isBack = active.includes(sourceFile) && !active.includes(ciliumConfFile);
    if (isBack && rename.length + discard.length === 0) return done;
    const object = theNode(node);
    if (isBack) return waiting("cni-files-left", { files: [...rename, ...discard] }, { object });
    return waiting("source-conf-inactive", { file: sourceFile, found: active }, { object });
  },
  async apply({ ports, node, plan, before, log }) {
    const names = (await ports.hosts.cniFiles(node)).map(({ name }) => name);
    const sourceFile = sourceFileOf(before, plan);
    const { rename, discard } = folderDue(names, before, sourceFile);
    for (const name of rename) await ports.hosts.renameCniFile(node, name + backupSuffix, name);
    if (!names.includes(sourceFile) && !rename.includes(sourceFile))
      return log("warning", note("no-backup", { node, file: sourceFile }));
    await ports.hosts.removeCniFile(node, ciliumConfFile);
    for (const backup of discard) await ports.hosts.removeCniFile(node, backup);
  },
};

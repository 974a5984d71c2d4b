import { backupSuffix, ciliumConfFile } from "../cilium-names.ts";
import { activeFiles } from "../cni-files.ts";
import { done, type UndoStep, waiting } from "../step.ts";

/** Puts the source's configuration back first and takes Cilium's away second: the node is never without one. */
export const undoFiles: UndoStep = {
  id: "undo-files",
  title: "Put the old CNI configuration back",
  timeoutMs: 5 * 60_000,
  retriable: true,
  async observe({ ports, node, plan }) {
    const files = await ports.hosts.cniFiles(node);
    const active = activeFiles(files);
    if (active[0] === plan.source.confFile && !active.includes(ciliumConfFile)) return done;
    return waiting(
      `${plan.source.confFile} to be the active CNI file (found ${active.join(", ") || "none"})`,
      "renaming it back",
    );
  },
  async apply({ ports, node, plan, log }) {
    const { confFile } = plan.source;
    const names = new Set((await ports.hosts.cniFiles(node)).map(({ name }) => name));
    const backup = confFile + backupSuffix;
    if (!names.has(confFile) && names.has(backup)) await ports.hosts.renameCniFile(node, backup, confFile);
    else if (!names.has(confFile))
      return log("warning", `${node} has no backup of ${confFile}: the old CNI's pod must write it`);
    await ports.hosts.removeCniFile(node, ciliumConfFile);
    if (names.has(confFile) && names.has(backup)) await ports.hosts.removeCniFile(node, backup);
  },
};

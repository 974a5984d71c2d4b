import type { FolderLook } from "../model/cluster/leftovers.ts";
import type { NodeFacts } from "../model/facts.ts";
import { note } from "../model/notes/note.ts";
import type { RunScope } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { type CiliumFound, ciliumFolders, ciliumSysctls, judgeCilium } from "./cilium-leftovers.ts";
import { patienceOver } from "./cleaner-pods.ts";

/** Node whose files were removed → words of a disk that did not let go. */
const attempted = remembered(() => new Map<string, readonly string[]>());

/** A machine that is not Ready is not asked for ever: what is on it is not known. */
const isAway = (scope: RunScope, node: NodeFacts) => !node.ready && patienceOver(scope);

async function confOf(scope: RunScope, node: NodeFacts): Promise<CiliumFound["conf"]> {
  const { ports } = scope;
  if (isAway(scope, node)) return { unseen: "the node is not Ready" };
  const probe = (await ports.prober.pods()).find((pod) => pod.node === node.name);
  if (probe?.ready !== true && patienceOver(scope)) return { unseen: "no probe runs on the node" };
  return ports.hosts.cniFiles(node.name);
}

async function look(scope: RunScope, node: NodeFacts): Promise<CiliumFound> {
  const { ports, plan } = scope;
  const away = isAway(scope, node);
  const inFolder = async (folder: string): Promise<FolderLook> =>
    away ? { unseen: "the node is not Ready" } : ports.hosts.namesIn(node.name, folder);
  const [plugins, sysctls, links, programs, maps] = await Promise.all([
    inFolder(ciliumFolders.plugins),
    inFolder(ciliumFolders.sysctls),
    inFolder(ciliumFolders.links),
    inFolder(ciliumFolders.programs),
    inFolder(ciliumFolders.maps),
  ]);
  return {
    folders: { plugins, sysctls, links, programs, maps },
    conf: await confOf(scope, node),
    pods: await ports.pods.onFresh(node.name),
    node,
    podCidr: plan.cilium.podCidr,
  };
}

/**
 * Looks at a node after Cilium was uninstalled, removes its files, and looks again. True once it was told what is left
 * there. Links and programs stay: they are in the kernel's way until its next restart, and to tear them out under traffic
 * is a greater risk than they are.
 */
export async function cleanOfCilium(scope: RunScope, node: NodeFacts): Promise<boolean> {
  const { memory, ports, log } = scope;
  const known = memory.of(attempted);
  const { remove, left, ...rest } = judgeCilium(await look(scope, node));
  if (remove.length > 0 && !known.has(node.name)) {
    log("info", note("removed-from-node", { node: node.name, items: remove }), node.name);
    if (remove.includes(ciliumSysctls)) log("info", note("sysctls-stay", { node: node.name }), node.name);
    const complaints = await ports.hosts.removeFiles(node.name, remove);
    // Only now: cleaning that an outage broke off is begun again.
    known.set(node.name, [...new Set(complaints)]);
    for (const said of complaints)
      log("warning", note("not-removed", { node: node.name, items: remove, said }), node.name);
    return false;
  }
  const why = (known.get(node.name) ?? []).join("; ") || "there again";
  scope.leftovers(node.name, { ...rest, left: [...remove.map((path) => `${path}: ${why}`), ...left] });
  return true;
}

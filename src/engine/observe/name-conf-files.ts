import { Unavailable } from "../model/errors.ts";
import { note } from "../model/notes/note.ts";
import type { RunScope } from "../model/step.ts";
import { renamedByCilium } from "./recorded-folder.ts";

/** Above this many nodes the first ones stand for all: the precheck of each names its own again. */
const mostNodes = 50;

/** Null where they could not be read. */
async function filesOn({ ports }: RunScope, node: string): Promise<readonly string[] | null> {
  try {
    return renamedByCilium((await ports.hosts.cniFiles(node)).map(({ name }) => name));
  } catch (thrown) {
    if (thrown instanceof Unavailable) return null;
    throw thrown;
  }
}

/** Says by name what Cilium will rename in each node's CNI folder, nodes with the same files in one line. */
export async function nameConfFiles(scope: RunScope): Promise<void> {
  const looked = scope.nodes.slice(0, mostNodes);
  const found = await Promise.all(looked.map(async (node) => ({ node, files: await filesOn(scope, node) })));
  const unread = scope.nodes.length - looked.length;
  for (const those of Map.groupBy(found, ({ files }) => JSON.stringify(files)).values()) {
    const nodes = those.map(({ node }) => node);
    const files = those[0]?.files ?? null;
    if (files === null) scope.log("warning", note("files-not-read", { nodes, unread }));
    else scope.log("info", note("files-renamed-later", { nodes, files, unread }));
  }
}

import { Unavailable } from "../model/errors.ts";
import type { RunScope } from "../model/step.ts";
import { renamedByCilium } from "./recorded-folder.ts";

/** Above this many nodes the first ones stand for all: the precheck of each names its own again. */
const mostNodes = 50;
const unknown = "could not be read";

async function namesOn({ ports }: RunScope, node: string): Promise<string> {
  try {
    return renamedByCilium((await ports.hosts.cniFiles(node)).map(({ name }) => name)).join(", ");
  } catch (thrown) {
    if (thrown instanceof Unavailable) return unknown;
    throw thrown;
  }
}

/** Says by name what Cilium will rename in each node's CNI folder, nodes with the same files in one line. */
export async function nameConfFiles(scope: RunScope): Promise<void> {
  const nodes = scope.nodes.slice(0, mostNodes);
  const found = await Promise.all(nodes.map(async (node) => ({ node, names: await namesOn(scope, node) })));
  const more =
    scope.nodes.length > nodes.length ? `; ${scope.nodes.length - nodes.length} more nodes were not looked at yet` : "";
  for (const [names, those] of Map.groupBy(found, (one) => one.names)) {
    const where = those.map(({ node }) => node).join(", ");
    if (names === unknown)
      scope.log("warning", `what Cilium will rename in /etc/cni/net.d of ${where} ${unknown}${more}`);
    else scope.log("info", `Cilium will rename in /etc/cni/net.d of ${where}, once they are moved: ${names}${more}`);
  }
}

import type { NodeRequest } from "../engine/decide/run-terms.ts";
import type { NodeRecord } from "../engine/model/ports/records.ts";
import { defaultPlanInput } from "../engine/plan/plan-input.ts";
import { whoWeAre } from "../runner/holder.ts";
import { socketPath } from "../runner/places.ts";
import { attach } from "../runner/socket-client.ts";
import { lines } from "../words/audience.ts";
import { explain } from "../words/explain.ts";
import type { Command, Given, World } from "./command.ts";
import { CommandError } from "./command-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { chartAccessFlags } from "./flags/chart-flags.ts";
import { agreedHash, clusterFlags, consentFlags, consentsGiven, isSet, outputFlags } from "./flags/flags.ts";
import { runHeadless } from "./headless/run-headless.ts";
import { sayOnStderr } from "./headless/while-waiting.ts";
import { type OpenCluster, openCluster } from "./processes/open-cluster.ts";

/** An engine that runs on this machine is asked; false where there is none. */
async function askRunning(cluster: OpenCluster, asked: NodeRequest, world: World): Promise<boolean> {
  const link = await attach(socketPath(cluster.name, world.env));
  if (!link) return false;
  const refused = await link.ask({ ...asked, by: whoWeAre() });
  link.close();
  if (refused !== null)
    throw new CommandError("USAGE", explain(refused, lines).text, "crossfade status says where the run is");
  return true;
}

function oneNode(operands: readonly string[], name: string): string {
  const [node, ...more] = operands;
  if (node !== undefined && more.length === 0) return node;
  throw new CommandError("USAGE", `${name} takes one node`, `crossfade ${name} worker-1`);
}

interface Errand {
  readonly asked: NodeRequest;
  /** What a running engine is said to do. */
  readonly said: string;
  readonly given: Given;
}

/** An engine that runs here is asked; otherwise this process takes the run up, begins with the request, and goes on. */
async function carryOut(cluster: OpenCluster, { asked, said, given }: Errand, world: World): Promise<number> {
  if (await askRunning(cluster, asked, world)) {
    world.stdout.write(`the running engine ${said}: watch it with crossfade\n`);
    return exitCodes.done;
  }
  const record = await cluster.ports.records.run();
  if (!record || record.finished) {
    throw new CommandError(
      "USAGE",
      `no run is under way on this cluster, so there is nothing to ${asked.request}`,
      "crossfade status says what is recorded",
    );
  }
  const terms = { consents: consentsGiven(given), firstRequest: asked, ...agreedHash(given) };
  const choice = { input: defaultPlanInput, recordedRunOnly: true, ...terms };
  return runHeadless(cluster, choice, isSet(given, "json"), world);
}

interface Asked {
  readonly name: "retry" | "skip";
  readonly summary: string;
  readonly flags?: Command["flags"];
  /** What a running engine is said to do. */
  readonly said: (node: string) => string;
  readonly requestFor: (node: string, given: Given) => NodeRequest;
}

const shared = { ...clusterFlags, ...outputFlags, ...consentFlags, ...chartAccessFlags };

const command = ({ name, summary, flags = {}, said, requestFor }: Asked): Command => ({
  name,
  operands: "NODE",
  summary,
  flags: { ...flags, ...shared },
  async run(given, operands, world) {
    const node = oneNode(operands, name);
    consentsGiven(given);
    agreedHash(given);
    const cluster = await openCluster(given, world, sayOnStderr(world));
    try {
      return await carryOut(cluster, { asked: requestFor(node, given), said: said(node), given }, world);
    } finally {
      await cluster.close();
    }
  },
});

/** Without an engine this process takes the run up, begins with the request, and goes on as far as consents reach. */
export const retry = command({
  name: "retry",
  summary: "Retry a failed node from the failed step, and resume the run",
  flags: { rebooted: { type: "boolean", help: "the node was restarted, even if its boot ID is the same" } },
  said: (node) => `retries ${node}`,
  requestFor: (node, given) => ({ request: isSet(given, "rebooted") ? "rebooted" : "retry", node }),
});

export const skip = command({
  name: "skip",
  summary: "Exclude a node (a failed one is rolled back first), and resume the run",
  said: (node) => `excludes ${node}`,
  requestFor: (node) => ({ request: "skip", node }),
});

const isOut = ({ state }: NodeRecord): boolean => state.phase === "excluded" || state.phase === "rolled-back";

/** The nodes that were named, or all that are left out. */
async function nodesToInclude(
  { ports }: OpenCluster,
  operands: readonly string[],
  all: boolean,
): Promise<readonly string[]> {
  if (!all) return operands;
  const nodeRecords = Object.entries(await ports.records.nodeRecords());
  const out = nodeRecords.flatMap(([node, record]) => (isOut(record) ? [node] : []));
  if (out.length > 0) return out;
  throw new CommandError("USAGE", "no node is excluded from this run", "crossfade status says where each of them is");
}

/** The way back in for nodes that were excluded, or rolled back. */
export const include: Command = {
  name: "include",
  operands: "NODE … | --all",
  summary: "Include excluded or rolled-back nodes again, and resume the run",
  flags: { all: { type: "boolean", help: "every node that is excluded or rolled back" }, ...shared },
  async run(given, operands, world) {
    const all = isSet(given, "all");
    if (all === operands.length > 0)
      throw new CommandError("USAGE", "include takes nodes, or --all", "crossfade include worker-1 worker-2");
    consentsGiven(given);
    agreedHash(given);
    const cluster = await openCluster(given, world, sayOnStderr(world));
    try {
      const nodes = await nodesToInclude(cluster, operands, all);
      return await carryOut(
        cluster,
        { asked: { request: "include", nodes }, said: `takes ${nodes.join(", ")} in`, given },
        world,
      );
    } finally {
      await cluster.close();
    }
  },
};

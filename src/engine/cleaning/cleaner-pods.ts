import { askingAgain, type Observation, waiting } from "../model/observation.ts";
import { named } from "../model/reason.ts";
import type { RunScope } from "../model/step.ts";
import { actionsOn, startTrouble } from "../observe/start-trouble.ts";

/** As src/kube/cleaner-manifest.ts names it. */
const cleanerWorkload = { namespace: "crossfade", name: "crossfade-cleaner" } as const;
/** A node whose cleaner does not start is told without it, and what was not reached is named. */
const patienceMs = 3 * 60_000;
/** How many are cleaned side by side. */
export const nodesAtOnce = 8;

/** Cleaners that are not there by now will not be waited for any longer. */
export const patienceOver = ({ ports, stepSince }: RunScope): boolean => ports.clock.now() - stepSince > patienceMs;

/** Nodes of which the disk can be reached by now, or will not be waited for any longer. */
export async function reachable(scope: RunScope, nodes: readonly string[]): Promise<readonly string[]> {
  if (patienceOver(scope)) return nodes;
  const ready = (await scope.ports.cleaners.list()).filter((one) => one.ready).map(({ node }) => node);
  return nodes.filter((node) => ready.includes(node));
}

export async function cleanersAwaited({ ports }: RunScope, nodes: readonly string[]): Promise<Observation> {
  const trouble = await startTrouble(ports, { ...cleanerWorkload, nodes });
  return askingAgain(waiting("cleaners-not-ready", { ...named(nodes), trouble }, { actions: actionsOn(trouble) }));
}

import type { ProbePath } from "../model/events.ts";
import type { MigrationState, RunNode } from "../model/state.ts";

/** What the run itself does to the network now. */
export interface Disturbance {
  /** Nodes that are rebooted, recycled or not proven again yet → the step. */
  readonly away: ReadonlyMap<string, string>;
  /** The only control plane of the cluster is among them: there is no API server behind its service. */
  readonly noApiServer: string | null;
  /** A node is drained, moved or taken back: where all DNS pods were on it, there are none for a while. */
  readonly busy: boolean;
}

/** From the reboot on until its verification is done a drained node carries nobody's workload. */
const awaySteps: ReadonlySet<string> = new Set(["reboot", "wait-ready", "recycle-pods", "verify"]);
/** The steps in which a control plane may be down. */
const downSteps: ReadonlySet<string> = new Set(["reboot", "wait-ready", "rollback-recycle"]);

/** The step in which it is away; null where its paths must work. */
export function awayAt({ state }: RunNode): string | null {
  if (state.phase === "migrating") return awaySteps.has(state.step) ? state.step : null;
  if (state.phase === "rolling-back") return state.step;
  return state.phase === "deferred" ? "deferred" : null;
}

function isControlPlane({ plan }: MigrationState, { name, snapshot }: RunNode): boolean {
  return snapshot?.controlPlane ?? plan?.nodes.find((node) => node.name === name)?.turn === "control-plane";
}

/** What of the network the run disturbs by itself, as it stands. Pure. */
export function disturbanceOf(state: MigrationState): Disturbance {
  const nodes = state.order.flatMap((name) => state.nodes[name] ?? []);
  const away = new Map(
    nodes.flatMap((node): readonly (readonly [string, string])[] => {
      const step = awayAt(node);
      return step === null ? [] : [[node.name, step]];
    }),
  );
  const planes = nodes.filter((node) => isControlPlane(state, node));
  const [only] = planes;
  const isDown = planes.length === 1 && only !== undefined && downSteps.has(away.get(only.name) ?? "");
  const busy = nodes.some(
    ({ state: nodeState }) => nodeState.phase === "migrating" || nodeState.phase === "rolling-back",
  );
  return { away, noApiServer: isDown ? only.name : null, busy };
}

/** The ends of a sample. */
export interface Ends {
  readonly path: ProbePath;
  readonly nodes: readonly string[];
}

/** Why a loss on this path is to be expected; undefined where it is a loss. `dnsReady`: a DNS pod is Ready anywhere. */
export function expectedGap(
  { path, nodes }: Ends,
  { away, noApiServer, busy }: Disturbance,
  dnsReady: boolean,
): string | undefined {
  for (const node of nodes) {
    const step = away.get(node);
    if (step !== undefined) return `${node} is being moved (${step})`;
  }
  if (path === "api-service" && noApiServer !== null) return `its only control plane ${noApiServer} restarts`;
  if (path === "dns" && !dnsReady && busy) return "no DNS pod is Ready";
  return undefined;
}

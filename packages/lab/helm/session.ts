import type { Cluster } from "./cluster.ts";
import { openCluster } from "./cluster.ts";
import type { CommandLine } from "./command-line.ts";
import { ReleaseStore } from "./release.ts";
import { type WaitClock, wallClock } from "./wait.ts";

/** What one run of helm works with. */
export interface Session {
  readonly line: CommandLine;
  readonly cluster: Cluster;
  readonly releases: ReleaseStore;
  readonly namespace: string;
  /** Aborted by SIGTERM and SIGINT. */
  readonly signal: AbortSignal;
  /** A line on stdout. */
  readonly print: (line: string) => void;
  /** A line on stderr. */
  readonly warn: (line: string) => void;
  readonly clock: WaitClock;
}

/** Where helm writes, and what tells it to stop. */
export interface HelmIo extends Pick<Session, "signal" | "print" | "warn"> {
  /** As SIGKILL would: of a helm that is no process of its own. */
  readonly killed?: AbortSignal;
  /** By which it waits; the wall's where none is given. */
  readonly clock?: WaitClock;
}

/** The kubeconfig is read here; whether the cluster answers shows at the first request. */
export function openSession(line: CommandLine, { killed, clock = wallClock, ...rest }: HelmIo): Session {
  const cluster = openCluster(line.flags, killed);
  const namespace = line.flags.namespace ?? process.env.HELM_NAMESPACE ?? cluster.namespace;
  return { ...rest, clock, line, cluster, namespace, releases: new ReleaseStore(cluster) };
}

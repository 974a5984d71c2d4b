import { inBrief } from "../model/errors.ts";
import { note } from "../model/notes/note.ts";
import type { ProbeAnswer } from "../model/ports/prober.ts";
import { bySource } from "../probes/ask.ts";
import { type Crossing, sampleOf, toApi, toDns, toPod } from "../probes/crossings.ts";
import { probeEnds } from "../probes/ends.ts";
import { awayAt, disturbanceOf, expectedGap } from "../probes/expected-gap.ts";
import { isInDoubt, unwatched, type WatchedPath, watchPath } from "../probes/path-watch.ts";
import { score } from "../probes/score.ts";
import type { Session } from "./session.ts";

const everyMs = 2_000;
/** Pairs in doubt that are asked again out of turn, in one round. */
const mostInDoubt = 12;
/** Pairs that are remembered; the oldest are forgotten. */
const mostWatched = 20_000;
/** What mends itself, an agent that restarts or a route that comes, took less on real clusters. */
const lastingMs = 2 * 60_000;

/** Probes are there from the end of "prepare" until the run takes them away. */
const sampling = ({ state }: Session) =>
  state.steps.prepare?.state === "done" && !state.steps.report && !state.steps["rollback-report"];

/** What the run was at, to say when something broke. */
function doingNow({ state }: Session): string {
  const inHand = state.order.flatMap((name) => state.nodes[name] ?? []);
  for (const { name, state: nodeState } of inHand)
    if (nodeState.phase === "migrating" || nodeState.phase === "rolling-back") return `${name}: ${nodeState.step}`;
  return Object.entries(state.steps).find(([id, { state: is }]) => is === "doing" && id !== "nodes")?.[0] ?? "";
}

/** Asks all kinds of paths, keeps the scores, and tells of a path that breaks or is mended. */
class Sampler {
  readonly #session: Session;
  readonly #watched = new Map<string, WatchedPath>();
  /** Nodes whose probe has not answered yet. */
  readonly #asked = new Set<string>();

  constructor(session: Session) {
    this.#session = session;
    // Known from an engine before this one: two good samples mend it.
    for (const { between } of session.state.broken) this.#watched.set(between, { ...unwatched, broken: true });
  }

  async round(number: number, signal: AbortSignal): Promise<void> {
    const { ports, state } = this.#session;
    if (!state.plan || !sampling(this.#session)) return;
    const ends = await probeEnds(ports, state.plan);
    const crossings = this.#due(sampleOf(ends, number), ends);
    for (const [pod, asked] of bySource(crossings)) {
      const node = state.nodes[pod.node];
      // A node that reboots answers nothing; that others do not reach it is measured all the same.
      if (this.#asked.has(pod.node) || (node && awayAt(node) !== null)) continue;
      this.#asked.add(pod.node);
      void this.#ask(asked, signal).finally(() => this.#asked.delete(pod.node));
    }
    this.#letGo();
  }

  /** The round's own, and pairs in doubt out of their turn. */
  #due(sample: readonly Crossing[], ends: Awaited<ReturnType<typeof probeEnds>>): readonly Crossing[] {
    const inTurn = new Set(sample.map(({ between }) => between));
    const doubted = [...this.#watched].flatMap(([between, path]) => (isInDoubt(path) ? [between] : []));
    const more = doubted.filter((between) => !inTurn.has(between)).slice(0, mostInDoubt);
    return [...sample, ...more.flatMap((between) => crossingCalled(between, ends) ?? [])];
  }

  async #ask(crossings: readonly Crossing[], signal: AbortSignal): Promise<void> {
    const [first] = crossings;
    if (!first) return;
    const before = disturbanceOf(this.#session.state);
    const answers = await this.#answers(first, crossings, signal);
    if (signal.aborted) return;
    const lossy = crossings.some(({ path }, index) => path === "dns" && answers[index]?.result === "lost");
    const dnsReady = !lossy || (await this.#dnsReady());
    const after = disturbanceOf(this.#session.state);
    for (const [index, crossing] of crossings.entries()) {
      const answer = answers[index];
      const expected = expectedGap(crossing, before, dnsReady) ?? expectedGap(crossing, after, dnsReady);
      if (answer) this.#take(crossing, answer, expected);
    }
  }

  async #answers(
    { from }: Crossing,
    crossings: readonly Crossing[],
    signal: AbortSignal,
  ): Promise<readonly ProbeAnswer[]> {
    const targets = crossings.map(({ target }) => target);
    try {
      return (await this.#session.ports.prober.probe(from, targets, signal)).map(shortened);
    } catch (thrown) {
      const notMeasured = inBrief(thrown);
      return targets.map((): ProbeAnswer => shortened({ result: "unknown", why: notMeasured }));
    }
  }

  async #dnsReady(): Promise<boolean> {
    try {
      const pods = await this.#session.ports.pods.list();
      return pods.some(({ labels, ready }) => labels["k8s-app"] === "kube-dns" && ready);
    } catch {
      // Not known: then a loss is a loss.
      return true;
    }
  }

  #take(crossing: Crossing, answer: ProbeAnswer, expected: string | undefined): void {
    const { path, between, nodes } = crossing;
    const at = this.#session.now();
    const sample = { path, at, between, answer, ...(expected === undefined ? {} : { expected }) };
    const old = this.#watched.get(between) ?? unwatched;
    const now = watchPath(old, sample, this.#isProven(nodes));
    this.#remember(between, now);
    const scores = score(this.#session.state.scores, sample, gapMs(old, now, at));
    this.#session.tell({ type: "connectivity", at, scores });
    if (now.broken && answer.result === "lost") this.#tellBroken(crossing, now, answer.error);
    if (old.broken && !now.broken) this.#tellRecovered(between);
  }

  #remember(between: string, now: WatchedPath): void {
    this.#watched.delete(between);
    this.#watched.set(between, now);
    if (this.#watched.size > mostWatched) this.#watched.delete(this.#watched.keys().next().value ?? "");
  }

  /** The baseline was taken of the nodes that the plan names; one that joined later has to work first. */
  #isProven(nodes: readonly string[]): boolean {
    const { plan } = this.#session.state;
    return nodes.every((name) => plan?.nodes.some((node) => node.name === name));
  }

  #tellBroken(crossing: Crossing, watched: WatchedPath, error: string): void {
    const session = this.#session;
    const at = session.now();
    const known = session.state.broken.find(({ between }) => between === crossing.between);
    if (known) {
      const lasting = at - known.since >= lastingMs;
      if (lasting && !known.lasting) session.tell({ type: "path-broken", at, broken: { ...known, lasting } });
      return;
    }
    const { path, between, nodes } = crossing;
    const during = doingNow(session);
    const broken = { path, between, nodes, since: watched.firstLossAt ?? at, error, during, lasting: false };
    session.tell({ type: "path-broken", at, broken });
    session.log("error", note("traffic-broken", { between, during, error }));
  }

  #tellRecovered(between: string): void {
    const session = this.#session;
    const known = session.state.broken.find((one) => one.between === between);
    if (!known) return;
    session.tell({ type: "path-mended", at: session.now(), between });
    const lostSeconds = Math.round((session.now() - known.since) / 1_000);
    session.log("info", note("traffic-passes", { between, lostSeconds }));
  }

  /** A path whose end has left the run is nobody's any more. */
  #letGo(): void {
    const session = this.#session;
    const gone = session.state.broken.filter(({ nodes }) =>
      nodes.some((name) => !Object.hasOwn(session.state.nodes, name)),
    );
    for (const { between } of gone) {
      this.#watched.delete(between);
      session.tell({ type: "path-mended", at: session.now(), between });
    }
  }
}

/** What is recorded of each path stays small. */
const longestWhy = 200;

function shortened(answer: ProbeAnswer): ProbeAnswer {
  if (answer.result === "lost") return { ...answer, error: answer.error.slice(0, longestWhy) };
  return answer.result === "unknown" ? { ...answer, why: answer.why.slice(0, longestWhy) } : answer;
}

/** How long the pair has been without an answer, to the grain of the sampling: before its first loss nobody asked it for a while. */
function gapMs(old: WatchedPath, now: WatchedPath, at: number): number {
  const lostSince = now.firstLossAt ?? old.firstLossAt;
  if (old.lastGoodAt === null || lostSince === null) return 0;
  return at - Math.max(old.lastGoodAt, lostSince - everyMs);
}

/** The question of that name, whatever network its ends are on by now. */
function crossingCalled(between: string, ends: Awaited<ReturnType<typeof probeEnds>>): Crossing | null {
  const [name = "", target = ""] = between.split(" → ");
  const from = ends.find(({ pod }) => pod.node === name);
  if (!from) return null;
  const all = [toDns(from), toApi(from), ...ends.filter(({ pod }) => pod.node === target).map((to) => toPod(from, to))];
  return all.find((crossing) => crossing.between === between) ?? null;
}

/** Asks all kinds of paths for the whole run, beside it, so that a loss is measured and not guessed. */
export async function sample(session: Session, signal: AbortSignal): Promise<void> {
  const { clock } = session.ports;
  let sampler: Sampler | null = null;
  for (let number = 0; !signal.aborted; number++) {
    try {
      if (sampling(session)) {
        sampler ??= new Sampler(session);
        await sampler.round(number, signal);
      }
    } catch {
      // Pods could not be listed: the next round asks again, and until then nothing counts as measured.
    }
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
}

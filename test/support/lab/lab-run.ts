import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createLab, type Lab, type LabSetup } from "crossfade-lab/lab.ts";
import { defaultLabOptions } from "crossfade-lab/lab-options.ts";
import type { RunTerms } from "../../../src/engine/decide/run-terms.ts";
import type { EngineEvent, EngineRequest, Outcome } from "../../../src/engine/model/events.ts";
import type { Consent } from "../../../src/engine/model/plan-types.ts";
import type { Agreements } from "../../../src/engine/model/ports/agreements.ts";
import type { Ports } from "../../../src/engine/model/ports/ports.ts";
import type { MigrationState } from "../../../src/engine/model/state.ts";
import { planWithChart } from "../../../src/engine/plan/plan.ts";
import { defaultPlanInput, type PlanInput } from "../../../src/engine/plan/plan-input.ts";
import { catalogue } from "../../../src/engine/run/catalogue.ts";
import { type Engine, startEngine } from "../../../src/engine/run/engine.ts";
import { directoryOf, sources as registered } from "../../../src/engine/sources/registry.ts";
import type { Source } from "../../../src/engine/sources/source.ts";
import { LocalArchive } from "../../../src/journal/archive.ts";
import { connect, type KubeCluster } from "../../../src/kube/connect.ts";
import { sha256 } from "../../../src/runner/run-process.ts";
import { Rest } from "../patience.ts";
import { said } from "../said.ts";
import { agreesToAll } from "./agrees-to-all.ts";
import { clockOf } from "./lab-clock.ts";
import { type QuickHelm, quickHelm } from "./quick-helm.ts";
import { applyObjects, printedObjects } from "./roles.ts";
import { shortTimings } from "./short-timings.ts";

/**
 * Tells every story with other seeds: LAB_SEED_SHIFT=1000 vitest run test/engine/on-the-lab. Where worker-2 has fewer pods
 * it is the canary, and stories that name worker-1 as the first do not hold.
 */
const seedShift = Number(process.env.LAB_SEED_SHIFT ?? 0);
/** Tells every story under the least role: LAB_AS_OPERATOR=1 vitest run test/engine/on-the-lab. What is refused then is a hole in src/kube/rights.ts. */
const asOperator = process.env.LAB_AS_OPERATOR === "1";
/** A lab's speed that two processors bear with an engine beside it. */
const usualSpeed = 90;

export interface WorldOptions extends Partial<LabSetup> {
  /** Another server address than the lab's own: a proxy in front of it. */
  readonly through?: (lab: Lab) => Promise<number>;
  /** The lab's own helm as a program of its own, which takes a second of wall time a call. */
  readonly ownHelm?: boolean;
  /** By TLS, as a cluster is, whatever helm it has. */
  readonly tls?: boolean;
  /** Sources that the engine knows in place of the registry's. */
  readonly sources?: readonly Source[];
}

/** How one engine is started. */
export interface Choice extends Pick<RunTerms, "rollback" | "firstRequest" | "newRunOnly" | "recordedRunOnly"> {
  readonly input?: Partial<PlanInput>;
  readonly consents?: readonly Consent[];
  readonly attended?: boolean;
  readonly holder?: string;
  /** What this engine's machine agreed to; all that is recorded, where a test is not about that. */
  readonly agreements?: Agreements;
  /** Looks at each call of a port before it is made: to fail it, or to count it. */
  readonly around?: (ports: Ports) => Ports;
  readonly cluster?: KubeCluster;
  readonly onEvent?: (event: EngineEvent, run: LabRun) => void;
}

export const portOf = ({ address }: Lab): number => Number(new URL(address.url).port);

interface WorldParts {
  readonly seed: number;
  readonly speed: number;
  readonly folder: string;
  readonly helm: QuickHelm | null;
  readonly sources: readonly Source[];
  readonly tls: boolean;
}

/** A lab and a connection to it through the adapters that a real cluster gets. */
export class World {
  readonly lab: Lab;
  readonly seed: number;
  readonly #speed: number;
  readonly #clusters: KubeCluster[] = [];
  readonly #runs: LabRun[] = [];
  readonly #folder: string;
  readonly #tls: boolean;
  #token: string | null = null;
  readonly helm: QuickHelm | null;
  readonly sources: readonly Source[];
  cluster!: KubeCluster;

  private constructor(lab: Lab, given: WorldParts) {
    this.lab = lab;
    this.sources = given.sources;
    this.seed = given.seed;
    this.#speed = given.speed;
    this.#folder = given.folder;
    this.helm = given.helm;
    this.#tls = given.tls;
  }

  static async make(options: WorldOptions = {}): Promise<World> {
    const { through, ownHelm = false, tls = false, sources = registered, ...setup } = options;
    const seed = (setup.seed ?? 7) + seedShift;
    const speed = setup.speed ?? usualSpeed;
    const lab = await createLab({
      ...defaultLabOptions,
      ...setup,
      seed,
      speed,
      timings: { ...shortTimings, ...setup.timings },
    });
    const folder = mkdtempSync(join(tmpdir(), "lab-run-"));
    const helm = ownHelm ? null : await quickHelm(folder, setup.clock);
    const world = new World(lab, { seed, speed, folder, helm, sources, tls });
    if (asOperator) await world.#becomeOperator();
    world.cluster = await world.connect(through ? await through(lab) : null);
    return world;
  }

  /** Everything is asked from here on under the roles that `crossfade rbac` prints. */
  async #becomeOperator(): Promise<void> {
    const admin = await this.connect();
    await applyObjects(admin.client, printedObjects("finalize", { kind: "User", name: "operator" }));
    this.#token = this.lab.signIn({ username: "operator", groups: [] }).token;
  }

  /** One more connection, as another terminal would have; as another user where a token is given. */
  async connect(
    port: number | null = null,
    token: string | null = null,
    speedup: number | null = null,
  ): Promise<KubeCluster> {
    const env = this.environment(port, token);
    const cluster = await connect({
      kubeconfig: env.KUBECONFIG,
      env,
      sources: directoryOf(this.sources),
      signal: new AbortController().signal,
      ...(speedup === null ? {} : { speedup }),
    });
    this.#clusters.push(cluster);
    return cluster;
  }

  /** In which a program finds the lab, by way of another port where one is given, and a helm that understands it. */
  environment(
    port: number | null = null,
    token: string | null = null,
  ): NodeJS.ProcessEnv & { readonly KUBECONFIG: string } {
    const { kubeconfig, binDir } = this.lab.address;
    const first = this.helm === null ? [] : [this.helm.binDir];
    return {
      ...process.env,
      PATH: [...first, binDir, process.env.PATH ?? ""].join(delimiter),
      KUBECONFIG:
        port === null && (token ?? this.#token) === null && (this.helm === null || this.#tls)
          ? kubeconfig
          : this.#plain(port ?? portOf(this.lab), token ?? this.#token),
    };
  }

  /** Handshakes are half of what a fast lab costs; the story that runs the lab's own helm goes by TLS. */
  #plain(port: number, token: string | null): string {
    const file = join(this.#folder, `kubeconfig-${port}-${this.#clusters.length}`);
    const admins = readFileSync(this.lab.address.kubeconfig, "utf8");
    const text = admins.replace(/https:\/\/127\.0\.0\.1:\d+/, `http://127.0.0.1:${port}`);
    writeFileSync(file, token === null ? text : text.replace(/token: .*/, `token: ${token}`), { mode: 0o600 });
    return file;
  }

  /** The engine's ports on lab time. */
  ports(cluster = this.cluster): Ports {
    const ports = cluster.ports();
    const changes: Ports["changes"] = {
      next: (atMostMs, signal) => ports.changes.next(atMostMs / this.#speed, signal),
      link: () => ports.changes.link(),
    };
    const archive = new LocalArchive(join(this.#folder, "saved"));
    return { ...ports, changes, archive, clock: clockOf(this.lab, this.#speed) };
  }

  start(choice: Choice = {}): LabRun {
    const run = new LabRun(this, choice);
    this.#runs.push(run);
    return run;
  }

  /** Resolves once the condition holds, asked again and again. */
  async until(what: string, holds: () => boolean, atMostRestMs = 20_000): Promise<void> {
    const rest = new Rest();
    while (!holds()) {
      if (rest.spent() > atMostRestMs) throw new Error(`waited in vain for ${what} (seed ${this.seed})`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async close(): Promise<void> {
    for (const run of this.#runs) run.engine.stop();
    await Promise.allSettled(this.#runs.map(({ engine }) => engine.ended));
    for (const cluster of this.#clusters) await cluster.close();
    this.helm?.close();
    await this.lab.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** An engine at work on a lab, and all it said. */
export class LabRun {
  readonly events: EngineEvent[] = [];
  readonly engine: Engine;
  readonly #world: World;
  #failure: unknown = null;

  constructor(world: World, choice: Choice) {
    this.#world = world;
    const input = { ...defaultPlanInput, soakMs: 0, ...choice.input };
    const ports = (choice.around ?? ((same) => same))(world.ports(choice.cluster));
    const terms: RunTerms = {
      consents: new Set(choice.consents ?? ["nodes", "finalize", "remove-source"]),
      by: "tester",
      holder: choice.holder ?? "tester@lab/1",
      attended: choice.attended ?? true,
      agreements: choice.agreements ?? agreesToAll,
      makePlan: (facts, signal) =>
        planWithChart(facts, input, {
          charts: ports.charts,
          signal,
          now: () => world.lab.clock.now(),
          hash: sha256,
          sources: world.sources,
        }),
      ...(choice.rollback && { rollback: choice.rollback }),
      ...(choice.firstRequest && { firstRequest: choice.firstRequest }),
      ...(choice.newRunOnly && { newRunOnly: choice.newRunOnly }),
      ...(choice.recordedRunOnly && { recordedRunOnly: choice.recordedRunOnly }),
    };
    const tell = (event: EngineEvent): void => {
      this.events.push(event);
      choice.onEvent?.(event, this);
    };
    this.engine = startEngine(ports, terms, tell, { ...catalogue, sources: world.sources });
    this.engine.ended.catch((thrown: unknown) => {
      this.#failure = thrown;
    });
  }

  get state(): MigrationState {
    return this.engine.state();
  }

  nodeState(node: string) {
    return this.state.nodes[node]?.state;
  }

  of<T extends EngineEvent["type"]>(type: T): readonly Extract<EngineEvent, { readonly type: T }>[] {
    return this.events.filter((event): event is Extract<EngineEvent, { readonly type: T }> => event.type === type);
  }

  async ask(request: EngineRequest): Promise<void> {
    const refused = await this.engine.ask(request);
    if (refused !== null) throw new Error(`${request.request} was refused: ${said(refused).because}\n${this.#story()}`);
  }

  async until(what: string, holds: (state: MigrationState) => boolean, atMostRestMs = 30_000): Promise<void> {
    try {
      await this.#world.until(
        what,
        () => {
          if (this.#failure !== null) throw this.#failure;
          return holds(this.state);
        },
        atMostRestMs,
      );
    } catch (thrown) {
      throw new Error(`${thrown instanceof Error ? thrown.message : String(thrown)}\n${this.#story()}`, {
        cause: thrown,
      });
    }
  }

  /** How it ended. */
  async end(atMostRestMs = 60_000): Promise<Outcome> {
    let outcome: Outcome | null = null;
    void this.engine.ended.then(
      (one) => {
        outcome = one;
      },
      () => undefined,
    );
    await this.until("the run to end", () => outcome !== null, atMostRestMs);
    return outcome as unknown as Outcome;
  }

  #story(): string {
    const told = this.events.filter(({ type }) => !["node-seen", "connectivity", "link-changed"].includes(type));
    const lines = told.slice(-30).map((event) => {
      const { type, at, ...rest } = event;
      return `${new Date(at).toISOString().slice(11, 23)} ${type} ${JSON.stringify(rest).slice(0, 200)}`;
    });
    return `seed ${this.#world.seed}, the last ${lines.length} events:\n${lines.join("\n")}`;
  }
}

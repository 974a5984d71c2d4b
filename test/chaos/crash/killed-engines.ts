import type { EngineEvent, Outcome } from "../../../src/engine/events.ts";
import type { KubeCluster } from "../../../src/kube/connect.ts";
import { type Choice, type LabRun, portOf, type World } from "../../support/lab-run.ts";
import { type Answer, type Exchange, HttpProxy, type Verdict } from "../proxy/http-proxy.ts";
import { WriteKeys } from "./write-key.ts";

export type Moment = "before" | "after";

/** What engines did that must not be done twice. */
export interface Acts {
  /** Accepted evictions by the pod's uid. */
  readonly evicted: Map<string, number>;
  /** Boot ids that each node was seen with. */
  readonly boots: Map<string, Set<string>>;
}

/** Decides whether the engine dies at this write. */
export type Killer = (key: string, moment: Moment) => boolean;

/** Engines on one lab, one after the other: each dies where the killer says, and nothing of it is heard afterwards. */
export class KilledEngines {
  readonly acts: Acts = { evicted: new Map(), boots: new Map() };
  /** Keys of all writes that reached the API server, or would have. */
  readonly seen = new Set<string>();
  readonly kills: { readonly key: string; readonly moment: Moment }[] = [];
  /** Every engine's events, one list an engine. */
  readonly told: (readonly EngineEvent[])[] = [];
  readonly #world: World;
  readonly #killer: Killer;
  readonly #keys = new WriteKeys();
  #number = 0;

  constructor(world: World, killer: Killer) {
    this.#world = world;
    this.#killer = killer;
  }

  /** Starts engines until one comes to its end by itself; how that one ended. */
  async toTheEnd(choice: (number: number) => Choice): Promise<Outcome> {
    for (;;) {
      this.#number += 1;
      const outcome = await this.#one(choice(this.#number));
      if (outcome !== null) return outcome;
    }
  }

  /** Null when it was killed. */
  async #one(choice: Choice): Promise<Outcome | null> {
    const death = Promise.withResolvers<null>();
    let alive = true;
    const meets = (key: string, moment: Moment): Verdict => {
      if (!alive) return "cut";
      if (!this.#killer(key, moment)) return "pass";
      alive = false;
      this.kills.push({ key, moment });
      death.resolve(null);
      return "cut";
    };
    const proxy = await HttpProxy.start(
      { host: "127.0.0.1", port: portOf(this.#world.lab) },
      {
        before: (exchange) => {
          if (!alive) return "cut";
          const key = this.#keys.keyOf(exchange);
          if (key === null) return "pass";
          this.seen.add(key);
          return meets(key, "before");
        },
        after: (exchange, answer) => {
          const key = this.#keys.keyOf(exchange);
          if (key === null) return alive ? "pass" : "cut";
          this.#count(exchange, answer);
          return meets(key, "after");
        },
      },
    );
    const cluster = await this.#world.connect(proxy.port);
    const run = this.#world.start({
      ...choice,
      cluster,
      holder: `tester@lab/${this.#number}`,
      onEvent: (event, of) => {
        this.#lookAtBoots();
        choice.onEvent?.(event, of);
      },
    });
    this.told.push(run.events);
    try {
      return await Promise.race([run.end(), death.promise]);
    } finally {
      alive = false;
      await this.#bury(run, cluster, proxy);
    }
  }

  /** Nothing more comes from it, and its lease names a process that is gone, as after SIGKILL. */
  async #bury(run: LabRun, cluster: KubeCluster, proxy: HttpProxy): Promise<void> {
    await proxy.close();
    await cluster.close();
    run.engine.stop();
    await run.engine.ended.catch(() => undefined);
    this.#world.lab.store.change("coordination.k8s.io/leases", "crossfade", "engine", ({ metadata }) => {
      const [boot = "", namespace = ""] = (metadata.annotations?.["crossfade/process"] ?? "").split(" ");
      metadata.annotations = { ...metadata.annotations, "crossfade/process": `${boot} ${namespace} 4194303 1` };
    });
  }

  #count({ path, body }: Exchange, { status }: Answer): void {
    if (!path.includes("/eviction") || status >= 300) return;
    const uid =
      (JSON.parse(body) as { deleteOptions?: { preconditions?: { uid?: string } } }).deleteOptions?.preconditions
        ?.uid ?? path;
    this.acts.evicted.set(uid, (this.acts.evicted.get(uid) ?? 0) + 1);
  }

  #lookAtBoots(): void {
    for (const { name, bootId } of this.#world.lab.machines.values()) {
      this.acts.boots.set(name, (this.acts.boots.get(name) ?? new Set()).add(bootId));
    }
  }
}

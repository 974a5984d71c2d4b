import type { Outcome } from "../../../src/engine/model/events.ts";
import { portOf, type World } from "../../support/lab/lab-run.ts";
import { type Answer, type Exchange, HttpProxy, type Stream, type Verdict } from "../proxy/http-proxy.ts";
import { missingIntent } from "./intent.ts";
import { nodeOfPod } from "./recorded.ts";
import { WriteKeys } from "./write-key.ts";

/** Before the API server hears of a write, or once it has carried it out and nobody was told. */
export type Moment = "before" | "after";

/** Decides whether the engine dies at this write. */
export type Killer = (key: string, moment: Moment) => boolean;

export const nobody: Killer = () => false;

/** An engine at work, wherever it runs. */
export interface Victim {
  /** How it ended by itself; never settles for one that was killed. */
  readonly ended: Promise<Outcome>;
  /** What it said so far, one line an event. */
  readonly told: readonly string[];
  /** As SIGKILL does, at once: nothing more comes from it, and its lease names a process that is gone. */
  kill(): Promise<void>;
}

/** Starts the next engine, which reaches its API server at this port of the loopback address. */
export type Launch = (port: number, number: number) => Promise<Victim>;

const statusChannel = 3;

/** Payload of the first WebSocket frame and what is behind it; null while it is not whole. A server's frames bear no mask. */
function firstFrame(bytes: Buffer): { readonly payload: Buffer; readonly rest: Buffer } | null {
  if (bytes.length < 4) return null;
  const short = (bytes[1] ?? 0) & 0x7f;
  const head = short < 126 ? 2 : 4;
  const end = head + (short < 126 ? short : bytes.readUInt16BE(2));
  return bytes.length < end ? null : { payload: bytes.subarray(head, end), rest: bytes.subarray(end) };
}

/** An exec's last word comes on its status channel (v4.channel.k8s.io). */
function whenCommandEnded(stream: Stream, then: () => void): void {
  let heard = Buffer.alloc(0);
  stream.heard((piece) => {
    heard = Buffer.concat([heard, piece]);
    for (let frame = firstFrame(heard); frame; frame = firstFrame(heard)) {
      heard = Buffer.from(frame.rest);
      if (frame.payload[0] === statusChannel) return then();
    }
  });
}

/** No run on a lab takes as long. */
const patienceMs = 120_000;

/** Engines on one lab, one after the other: each dies where the killer says, and nothing of it is heard afterwards. */
export class KilledEngines {
  /** Accepted evictions by the pod's uid. */
  readonly evicted = new Map<string, number>();
  /** Keys of all writes that reached the API server, or would have. */
  readonly seen = new Set<string>();
  readonly kills: { readonly key: string; readonly moment: Moment }[] = [];
  /** What the last engine said. */
  told: readonly string[] = [];
  readonly #world: World;
  readonly #killer: Killer;
  /** Writes that came before the records said what they are for, in sentences. */
  readonly unannounced = new Set<string>();
  readonly #keys: WriteKeys;
  #number = 0;

  constructor(world: World, killer: Killer) {
    this.#world = world;
    this.#killer = killer;
    this.#keys = new WriteKeys((namespace, pod) => nodeOfPod(world.lab, { namespace, name: pod }) ?? pod);
  }

  /** Starts engines until one comes to its end by itself; how that one ended. */
  async toTheEnd(launch: Launch): Promise<Outcome> {
    for (;;) {
      this.#number += 1;
      const outcome = await this.#one(launch);
      if (outcome !== null) return outcome;
    }
  }

  /** Null when it was killed. */
  async #one(launch: Launch): Promise<Outcome | null> {
    const death = Promise.withResolvers<null>();
    let victim: Victim | null = null;
    let killed: Promise<void> | undefined;
    const die = (key: string, moment: Moment): Verdict => {
      if (killed || victim === null) return "cut";
      this.kills.push({ key, moment });
      killed = victim.kill();
      death.resolve(null);
      return "cut";
    };
    const meets = (key: string, moment: Moment): Verdict => {
      if (killed) return "cut";
      return this.#killer(key, moment) ? die(key, moment) : "pass";
    };
    const proxy = await HttpProxy.start(
      { host: "127.0.0.1", port: portOf(this.#world.lab) },
      {
        before: (exchange) => {
          if (killed) return "cut";
          const key = this.#keys.keyOf(exchange);
          if (key === null) return "pass";
          this.seen.add(key);
          const unannounced = missingIntent(exchange, key, this.#world.lab);
          if (unannounced !== null) this.unannounced.add(unannounced);
          return meets(key, "before");
        },
        after: (exchange, answer) => {
          const key = this.#keys.keyOf(exchange);
          if (key === null) return killed ? "cut" : "pass";
          this.#count(exchange, answer);
          return meets(key, "after");
        },
        stream: (exchange, stream) => {
          const key = this.#keys.keyOf(exchange);
          if (key === null || killed || !this.#killer(key, "after")) return;
          // The command runs to its end, and nobody hears of it.
          stream.freeze();
          whenCommandEnded(stream, () => die(key, "after"));
        },
      },
    );
    victim = await launch(proxy.port, this.#number);
    this.told = victim.told;
    const hung = Promise.withResolvers<never>();
    const limit = setTimeout(() => hung.reject(new Error("an engine came to no end")), patienceMs);
    try {
      return await Promise.race([victim.ended, death.promise, hung.promise]);
    } finally {
      clearTimeout(limit);
      await proxy.close();
      await (killed ?? victim.kill());
    }
  }

  #count({ path, body }: Exchange, { status }: Answer): void {
    if (!path.includes("/eviction") || status >= 300) return;
    const { deleteOptions } = JSON.parse(body) as { deleteOptions?: { preconditions?: { uid?: string } } };
    const uid = deleteOptions?.preconditions?.uid ?? path;
    this.evicted.set(uid, (this.evicted.get(uid) ?? 0) + 1);
  }
}

/** Boot ids that each node has had, by what the API says of it. */
export function watchBoots({ lab }: World): ReadonlyMap<string, ReadonlySet<string>> {
  const boots = new Map<string, Set<string>>();
  lab.store.watch("nodes", {}, ({ object }) => {
    const { nodeInfo } = (object.status ?? {}) as { nodeInfo?: { bootID?: string } };
    if (nodeInfo?.bootID === undefined) return;
    const name = object.metadata.name;
    boots.set(name, (boots.get(name) ?? new Set()).add(nodeInfo.bootID));
  });
  return boots;
}

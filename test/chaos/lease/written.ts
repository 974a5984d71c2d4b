import type { World } from "../../support/lab/lab-run.ts";
import type { Answer, Exchange } from "../proxy/http-proxy.ts";

/** A write that the API server accepted of somebody who did not hold the lease then. */
export interface Trespass {
  readonly by: string;
  readonly what: string;
  readonly holder: string;
}

interface LeaseObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly holderIdentity?: string };
  readonly [field: string]: unknown;
}

const changing = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** The lease is how a run is taken, reviews and dry runs are questions, and who watches may ask. */
const free = /\/(selfsubjectaccessreviews|leases)(\/|\?|$)|^\/api\/v1\/namespaces(\?|$)|[?&]dryRun=All(&|$)/;

function changes({ method, path, body, kind }: Exchange): boolean {
  // curl has a -w of its own, and only asks.
  if (kind === "upgrade") return !path.includes("command=curl&") && /[?&]command=(rm|mv|-w|delete)(&|$)/.test(path);
  if (kind === "watch" || !changing.has(method) || free.test(path)) return false;
  return !(path.includes("/configmaps/observers") && body.includes('"ask-') && !body.includes('"answer-'));
}

const versionIn = (body: string): number | null => {
  const found = /"resourceVersion":\s*"(\d+)"/.exec(body)?.[1];
  return found === undefined ? null : Number(found);
};

/**
 * All writes that were accepted, in the order of the API server itself: by resourceVersions, which number the lease's
 * changes and all others in one row. What answers without one is held against the lease before and after it.
 */
export class Written {
  readonly trespasses: Trespass[] = [];
  accepted = 0;
  readonly #world: World;
  readonly #holders: { readonly version: number; readonly holder: string }[] = [];
  readonly #open: { readonly version: number; readonly by: string; readonly what: string }[] = [];
  readonly #before = new Map<string, { readonly holder: string; readonly newest: number }>();
  /** The highest version that any answer bore so far. */
  #newest = 0;

  constructor(world: World) {
    this.#world = world;
  }

  before(by: string, exchange: Exchange): void {
    if (!changes(exchange)) return;
    this.#before.set(`${by} ${exchange.ordinal}`, { holder: this.holder, newest: this.#newest });
    if (exchange.kind === "upgrade") this.#judge(by, exchange, [this.holder]);
  }

  after(by: string, exchange: Exchange, answer: Answer): void {
    if (answer.status >= 300) return;
    const version = versionIn(answer.body);
    this.#newest = Math.max(this.#newest, version ?? 0);
    if (exchange.path.includes("/leases") && exchange.method !== "GET" && version !== null) {
      const { spec } = JSON.parse(answer.body) as LeaseObject;
      this.#holders.push({ version, holder: spec?.holderIdentity ?? "" });
      return;
    }
    if (!changes(exchange)) return;
    this.accepted += 1;
    const what = `${exchange.method} ${exchange.path}`;
    const { holder = "", newest = 0 } = this.#before.get(`${by} ${exchange.ordinal}`) ?? {};
    // A write that changes nothing is answered with the version of the last one that did.
    if (version !== null && version > newest && exchange.method !== "DELETE") this.#open.push({ version, by, what });
    else this.#judge(by, exchange, [holder, this.holder]);
  }

  get holder(): string {
    try {
      const lease = this.#world.lab.store.get<LeaseObject>("coordination.k8s.io/leases", "crossfade", "engine");
      return lease?.spec?.holderIdentity ?? "";
    } catch {
      return "";
    }
  }

  /** After the run, when all answers are there: each write against who held the lease at its version. */
  judge(): void {
    this.#holders.sort((one, other) => one.version - other.version);
    for (const { version, by, what } of this.#open) {
      const holder = this.#holders.findLast((lease) => lease.version < version)?.holder ?? "";
      if (holder !== by) this.trespasses.push({ by, what, holder });
    }
  }

  #judge(by: string, { method, path }: Exchange, holders: readonly string[]): void {
    if (holders.includes(by)) return;
    this.trespasses.push({ by, what: `${method} ${path}`, holder: holders.join(", then ") });
  }
}

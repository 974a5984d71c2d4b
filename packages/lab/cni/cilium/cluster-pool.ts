import { cidrSize, ipText, overlaps, parseCidr } from "../../network/cidr.ts";
import type { Store } from "../../objects.ts";
import type { CiliumNodeObject } from "../kinds.ts";
import { ciliumNodes } from "./agent-node.ts";

/** The pools by which an operator hands out ranges. */
export interface PoolSettings {
  readonly cidrs: readonly string[];
  readonly maskSize: number;
}

/** Gives each CiliumNode without a range one of the pool, and says in its status when there is none left. */
export class ClusterPool {
  readonly #store: Store;
  readonly #settings: PoolSettings;
  readonly #taken = new Map<string, readonly string[]>();

  constructor(store: Store, settings: PoolSettings) {
    this.#store = store;
    this.#settings = settings;
  }

  /** Ranges that were given out before this operator started count first. */
  start(): () => void {
    for (const node of this.#store.list<CiliumNodeObject>(ciliumNodes)) this.#remember(node);
    return this.#store.subscribe<CiliumNodeObject>(ciliumNodes, ({ type, object }) => {
      if (type === "DELETED") this.#taken.delete(object.metadata.name);
      else if ((object.spec.ipam?.podCIDRs ?? []).length > 0) this.#remember(object);
      else this.#give(object.metadata.name);
      if (type === "DELETED") this.#retryStarved();
    });
  }

  #remember({ metadata, spec }: CiliumNodeObject): void {
    const podCidrs = spec.ipam?.podCIDRs ?? [];
    if (podCidrs.length > 0) this.#taken.set(metadata.name, podCidrs);
  }

  #give(name: string): void {
    const free = this.#nextFree();
    if (free === null) {
      this.#report(name, "allocator not available: no more CIDRs available in the pool");
      return;
    }
    this.#taken.set(name, [free]);
    this.#report(name, "");
    this.#store.change<CiliumNodeObject>(ciliumNodes, null, name, (copy) => {
      copy.spec.ipam = { ...copy.spec.ipam, podCIDRs: [free] };
    });
  }

  #nextFree(): string | null {
    const taken = new Set([...this.#taken.values()].flat());
    const otherwise = [...taken].filter((cidr) => parseCidr(cidr).bits !== this.#settings.maskSize);
    for (const pool of this.#settings.cidrs) {
      const { base, bits } = parseCidr(pool);
      const size = 2 ** (32 - this.#settings.maskSize);
      const count = this.#settings.maskSize >= bits ? cidrSize(parseCidr(pool)) / size : 0;
      for (let index = 0; index < count; index++) {
        const candidate = `${ipText(base + index * size)}/${this.#settings.maskSize}`;
        if (!taken.has(candidate) && !otherwise.some((other) => overlaps(other, candidate))) return candidate;
      }
    }
    return null;
  }

  #retryStarved(): void {
    for (const { metadata, spec } of this.#store.list<CiliumNodeObject>(ciliumNodes)) {
      if ((spec.ipam?.podCIDRs ?? []).length === 0) this.#give(metadata.name);
    }
  }

  #report(name: string, error: string): void {
    const current =
      this.#store.get<CiliumNodeObject>(ciliumNodes, null, name)?.status?.ipam?.["operator-status"]?.error ?? "";
    if (current === error) return;
    this.#store.change<CiliumNodeObject>(
      ciliumNodes,
      null,
      name,
      (copy) => {
        copy.status = {
          ...copy.status,
          ipam: { ...copy.status?.ipam, "operator-status": error === "" ? {} : { error } },
        };
      },
      { subresource: "status" },
    );
  }
}

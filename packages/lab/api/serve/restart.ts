import type { LabClock } from "../../clock.ts";
import { type Identity, masters } from "../access/identity.ts";

/** How a kube-apiserver comes back, in lab time. */
export interface ApiRestart {
  /** Every connection is cut, and for so long none is answered. */
  readonly awayMs: number;
  /** Then for so long its RBAC informers are not synced: it knows no role yet. */
  readonly unsyncedMs: number;
}

/** Whether the server is there, and knows its roles, as its last restart left it. */
export class ApiPresence {
  readonly #clock: LabClock;
  #awayUntil = 0;
  #unsyncedUntil = 0;

  constructor(clock: LabClock) {
    this.#clock = clock;
  }

  restart({ awayMs, unsyncedMs }: ApiRestart): void {
    this.#awayUntil = this.#clock.now() + awayMs;
    this.#unsyncedUntil = this.#awayUntil + unsyncedMs;
  }

  get isAway(): boolean {
    return this.#clock.now() < this.#awayUntil;
  }

  /** Members of system:masters are let through before any role is asked, so they never notice. */
  knowsRolesOf({ groups }: Identity): boolean {
    return groups.includes(masters) || this.#clock.now() >= this.#unsyncedUntil;
  }
}

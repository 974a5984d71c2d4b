/** What keeps pods from starting, as far as the words of kubelet, scheduler or API server tell. */
export const startCauses = [
  "image",
  "pod-security",
  "quota",
  "quota-scopes",
  "limit-range",
  "webhook",
  "taint",
  "cordoned",
  "resource",
  "unfit",
] as const;
export type StartCause = (typeof startCauses)[number];

/** Why pods that are waited for do not start. */
export interface StartTrouble {
  /** The first of them; null where the reason tells of one pod, or where none could be made. */
  readonly pod: string | null;
  /** The workload of which no pod may be made; null where there is one. */
  readonly unmade: string | null;
  readonly namespace: string;
  /** In the words of kubelet, scheduler or API server; "" where only its crashes are known. */
  readonly why: string;
  /** How often its containers ended badly by themselves, and how last. */
  readonly restarts: number;
  readonly lastFailure: string;
  /** Others like it. */
  readonly more: number;
  readonly cause: StartCause | null;
  /** The quota, the webhook or the resource of that cause. */
  readonly named: string | null;
}

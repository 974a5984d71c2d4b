import type { Taint, Toleration } from "../kinds.ts";

/** Whether one toleration lets one taint be. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === "Exists") return true;
  return toleration.key !== undefined && (toleration.value ?? "") === (taint.value ?? "");
}

/** The first taint of these effects that nothing tolerates. */
export function untolerated(
  tolerations: readonly Toleration[] | undefined,
  taints: readonly Taint[] | undefined,
  effects: readonly Taint["effect"][],
): Taint | undefined {
  return taints?.find(
    (taint) => effects.includes(taint.effect) && !tolerations?.some((toleration) => tolerates(toleration, taint)),
  );
}

/**
 * How long a pod may stay beside NoExecute taints, in milliseconds from when the taint came: 0 = not at all, null = for
 * ever. Pods that say nothing of not-ready and unreachable get 300 s, as admission gives them on a real cluster.
 */
export function staysMs(tolerations: readonly Toleration[] | undefined, taint: Taint): number | null {
  const matching = (tolerations ?? []).filter((toleration) => tolerates(toleration, taint));
  if (!matching.length) return defaulted.has(taint.key) ? 300_000 : 0;
  const seconds = matching.flatMap(({ tolerationSeconds }) =>
    tolerationSeconds === undefined ? [] : [tolerationSeconds],
  );
  return seconds.length ? Math.max(0, Math.min(...seconds)) * 1000 : null;
}

const defaulted: ReadonlySet<string> = new Set(["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]);

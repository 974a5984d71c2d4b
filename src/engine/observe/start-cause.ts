import type { StartCause } from "../model/reasons/start-trouble.ts";

/** The API server's, the scheduler's and the kubelet's own words, with what they mean; the first group is what is named. */
const signs: readonly (readonly [sign: RegExp, cause: StartCause])[] = [
  [
    /^(?:ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName|RegistryUnavailable|ImageInspectError)\b/,
    "image",
  ],
  [/violates PodSecurity/, "pod-security"],
  [/\b(?:exceeded|failed) quota: ([^,:]+)/, "quota"],
  [/insufficient quota to match these scopes/, "quota-scopes"],
  [
    /\b(?:minimum|maximum) \S+ usage per (?:Container|Pod) is\b|limit to request ratio per (?:Container|Pod) is\b/,
    "limit-range",
  ],
  [/admission webhook "([^"]+)" denied/, "webhook"],
  [/untolerated taint/, "taint"],
  [/were unschedulable/, "cordoned"],
  [/\bInsufficient (\S+?)[,.]?(?:\s|$)/, "resource"],
  [/^(?:Unschedulable|SchedulingGated)\b/, "unfit"],
];

/** Why a pod does not start. */
export interface Cause {
  readonly cause: StartCause | null;
  readonly named: string | null;
}

/** Why a pod does not start, by the words it is told with; null where they say nothing known. */
export function startCause(told: string): Cause {
  for (const [sign, cause] of signs) {
    const found = sign.exec(told);
    if (found) return { cause, named: found[1] ?? null };
  }
  return { cause: null, named: null };
}

type Remedy = readonly [sign: RegExp, clears: (found: RegExpExecArray, namespace: string) => string];

/** The API server's, the scheduler's and the kubelet's own words, with what clears each. */
const remedies: readonly Remedy[] = [
  [
    /^(ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName|RegistryUnavailable|ImageInspectError)\b/,
    () => "a registry that gives the node this image (crossfade plan lists all that are needed)",
  ],
  [
    /violates PodSecurity/,
    (_found, namespace) =>
      `kubectl label --overwrite namespace ${namespace} pod-security.kubernetes.io/enforce=privileged`,
  ],
  [
    /\b(?:exceeded|failed) quota: ([^,:]+)/,
    ([, quota = ""], namespace) =>
      `room in ResourceQuota ${namespace}/${quota} (kubectl -n ${namespace} edit quota ${quota})`,
  ],
  [
    /insufficient quota to match these scopes/,
    (_found, namespace) => `a ResourceQuota in namespace ${namespace} that admits pods of this PriorityClass`,
  ],
  [
    /\b(minimum|maximum) \S+ usage per (Container|Pod) is\b|limit to request ratio per (Container|Pod) is\b/,
    (_found, namespace) =>
      `a LimitRange in namespace ${namespace} that allows this (kubectl -n ${namespace} get limitrange)`,
  ],
  [/admission webhook "([^"]+)" denied/, ([, webhook = ""]) => `webhook ${webhook} letting the pod pass`],
  [/untolerated taint/, () => "a node without such a taint (kubectl taint node NODE KEY-)"],
  [/were unschedulable/, () => "a node that is not cordoned (kubectl uncordon NODE)"],
  [/\bInsufficient (\S+?)[,.]?(?:\s|$)/, ([, what = ""]) => `a node with more free ${what}`],
  [/^(Unschedulable|SchedulingGated)\b/, () => "a node that the scheduler finds fit"],
];

/** What clears it that a pod of this namespace does not start, by the words it is told with; null where they say nothing known. */
export function startRemedy(told: string, namespace: string): string | null {
  for (const [sign, clears] of remedies) {
    const found = sign.exec(told);
    if (found) return clears(found, namespace);
  }
  return null;
}

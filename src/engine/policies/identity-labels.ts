/** Labels by which Cilium tells no two pods apart unless it is told to: its default filter (Documentation/operations/performance/scalability/identity-relevant-labels). */
const notSeen = [
  /^io\.kubernetes/,
  /^kubernetes\.io/,
  /^statefulset\.kubernetes\.io\/pod-name/,
  /^apps\.kubernetes\.io\/pod-index/,
  /^batch\.kubernetes\.io\/(job-completion-index|controller-uid)/,
  /^.*beta\.kubernetes\.io/,
  /^k8s\.io/,
  /^pod-template-(generation|hash)/,
  /^controller-(revision-hash|uid)/,
  /^annotation/,
  /^etcd_node/,
];

/** Those of these keys of pod labels on which no policy of Cilium's can select. */
export const labelsNotSeen = (keys: readonly string[]): readonly string[] =>
  [...new Set(keys)].filter((key) => notSeen.some((pattern) => pattern.test(key)));

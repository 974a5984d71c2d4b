/**
 * Whether a resourceVersion lies before another. Since Kubernetes 1.35 they may be compared as numbers
 * (https://kep.k8s.io/5504), and etcd's always were; what is no number is never older.
 */
export function isOlder(version: string, than: string): boolean {
  if (!/^\d+$/.test(version) || !/^\d+$/.test(than)) return false;
  if (version.length !== than.length) return version.length < than.length;
  return version < than;
}

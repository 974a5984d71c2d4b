import type { PodObject, ServiceObject } from "../cni/kinds.ts";
import type { Store } from "../objects.ts";
import { ipNumber } from "./cidr.ts";
import type { Network } from "./reach.ts";

const domain = "cluster.local";

/** The answer of a pod's resolver; a resolver that cannot be reached is an error of its own. */
export function lookUp(
  store: Store,
  network: Pick<Network, "fromPod">,
  pod: PodObject,
  name: string,
): ReturnType<Network["resolve"]> {
  if (!Number.isNaN(ipNumber(name))) return { ip: name };
  if (name === "localhost") return { ip: "127.0.0.1" };
  if (!usesClusterDns(pod)) return { error: `no such host: ${name} (the pod asks its node's resolver)` };
  const dns = store.get<ServiceObject>("services", "kube-system", "kube-dns");
  if (!dns?.spec.clusterIP) return { error: "the cluster has no service kube-system/kube-dns" };
  const reached = network.fromPod(pod, { ip: dns.spec.clusterIP, port: 53, protocol: "udp" });
  if (!reached.ok) return { error: `lookup ${name} on ${dns.spec.clusterIP}:53: ${reached.reason}` };
  const ip = serviceAddress(store, pod.metadata.namespace ?? "default", name);
  return ip === null ? { error: `lookup ${name} on ${dns.spec.clusterIP}:53: no such host` } : { ip };
}

function usesClusterDns({ spec }: PodObject): boolean {
  if (spec.dnsPolicy === "Default" || spec.dnsPolicy === "None") return false;
  return !spec.hostNetwork || spec.dnsPolicy === "ClusterFirstWithHostNet";
}

/** Goes through the search list of a pod's resolv.conf as a resolver does: namespace, svc, cluster domain. */
function serviceAddress(store: Store, namespace: string, name: string): string | null {
  const bare = name.replace(/\.$/, "");
  const candidates = name.endsWith(".")
    ? [bare]
    : [`${bare}.${namespace}.svc.${domain}`, `${bare}.svc.${domain}`, `${bare}.${domain}`, bare];
  for (const candidate of candidates) {
    const parts = new RegExp(`^([^.]+)\\.([^.]+)\\.svc\\.${domain}$`).exec(candidate);
    const service = parts ? store.get<ServiceObject>("services", parts[2] ?? "", parts[1] ?? "") : undefined;
    const ip = service?.spec.clusterIP;
    if (ip && ip !== "None") return ip;
  }
  return null;
}

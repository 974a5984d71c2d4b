import type { KubeObject } from "../../objects.ts";
import type { Pod, PodTemplate, StatefulSet } from "../kinds.ts";
import { identity } from "../object-key.ts";
import { workloadPod } from "./workload-pod.ts";

/** The number at the end of a pod's name, or -1 where the name is not of the set's. */
export function ordinalOf(set: StatefulSet, pod: Pod): number {
  const prefix = `${set.metadata.name}-`;
  const digits = pod.metadata.name.startsWith(prefix) ? pod.metadata.name.slice(prefix.length) : "";
  return /^\d+$/.test(digits) ? Number(digits) : -1;
}

/** Pod number `ordinal`, with its name as its host name and its own volumes. */
export function statefulPod(
  set: StatefulSet,
  template: PodTemplate,
  { ordinal, revision }: { readonly ordinal: number; readonly revision: string },
): Pod {
  const name = `${set.metadata.name}-${ordinal}`;
  const pod = workloadPod(set, template, name);
  pod.metadata.labels = {
    ...pod.metadata.labels,
    "controller-revision-hash": revision,
    "statefulset.kubernetes.io/pod-name": name,
    "apps.kubernetes.io/pod-index": String(ordinal),
  };
  const claimed = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => ({
    name: metadata.name,
    persistentVolumeClaim: { claimName: `${metadata.name}-${name}` },
  }));
  const names = new Set(claimed.map((volume) => volume.name));
  const volumes = [...(pod.spec.volumes ?? []).filter((volume) => !names.has(volume.name)), ...claimed];
  pod.spec = {
    ...pod.spec,
    hostname: name,
    ...(set.spec.serviceName ? { subdomain: set.spec.serviceName } : {}),
    ...(volumes.length ? { volumes } : {}),
  };
  return pod;
}

/** The claims of pod number `ordinal`; they outlive it. Nothing in the lab provisions or binds volumes. */
export function volumeClaims(set: StatefulSet, ordinal: number): readonly KubeObject[] {
  const { namespace, name } = identity(set);
  return (set.spec.volumeClaimTemplates ?? []).map(({ metadata, spec }) => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: `${metadata.name}-${name}-${ordinal}`,
      namespace,
      labels: { ...metadata.labels, ...set.spec.selector.matchLabels },
    },
    spec: structuredClone(spec),
  }));
}

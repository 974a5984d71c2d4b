import type { Scenario } from "../scenario.ts";
import { oddNode, plants, podOf, shop } from "./odd-pods.ts";

const name = "ledger";
const size = { storage: "10Gi" };
const here = { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [oddNode] }] };

/** The pod that comes in its place is Pending until its node takes pods again: "volume node affinity conflict". */
export const localVolume: Scenario = {
  name: "local-volume",
  summary: "a database on worker-1 has a local volume, so its pod can start nowhere else",
  answer:
    "Warns before the run which pod is away while its node moves, and by which volume; then evicts it as any other. It waits, Pending, and starts again on its node once that is moved.",
  options:
    "Fail over to a replica first; or leave the node out (`--exclude`, or Space and m) until its database may be away.",
  begin: plants(
    [
      "persistentvolumes",
      {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: "ledger-on-worker-1" },
        spec: {
          capacity: size,
          accessModes: ["ReadWriteOnce"],
          local: { path: "/mnt/ledger" },
          storageClassName: "local",
          claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: shop, name: "data-ledger-0" },
          nodeAffinity: { required: { nodeSelectorTerms: [here] } },
        },
      },
    ],
    [
      "persistentvolumeclaims",
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "data-ledger-0", namespace: shop },
        spec: {
          accessModes: ["ReadWriteOnce"],
          resources: { requests: size },
          storageClassName: "local",
          volumeName: "ledger-on-worker-1",
        },
      },
    ],
    [
      "apps/statefulsets",
      {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: { name, namespace: shop },
        spec: {
          replicas: 1,
          serviceName: name,
          selector: { matchLabels: { app: name } },
          template: podOf({
            name,
            spec: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data-ledger-0" } }] },
            container: { volumeMounts: [{ name: "data", mountPath: "/data" }] },
          }),
        },
      },
    ],
  ),
};

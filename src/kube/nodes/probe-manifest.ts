import type { V1SecurityContext } from "@kubernetes/client-node";
import type { AsJson } from "../objects/kube-object.ts";
import { type MachinePod, machineDaemonSet, withoutPowers } from "./machine-daemon-set.ts";

export const probeLabel = "crossfade-probe";
export const probeContainer = "probe";
export const probePort = 8080;

/**
 * Its job is to be reached and to read the node's CNI configuration, of which some files are root's alone: hence the user,
 * and none of root's powers with it.
 */
const harmless = {
  ...withoutPowers,
  runAsUser: 0,
} satisfies AsJson<V1SecurityContext>;

/** One small HTTP server a node, on the pod network of that node, with the CNI configuration to read. */
export const probeDaemonSet = (image: string) =>
  machineDaemonSet(probeLabel, {
    containers: [
      {
        name: probeContainer,
        image,
        // Not netexec: that one runs any command (/shell) for whoever reaches its port.
        command: ["/agnhost", "serve-hostname", `--port=${probePort}`],
        securityContext: harmless,
        ports: [{ name: "http", containerPort: probePort }],
        readinessProbe: { httpGet: { path: "/", port: probePort }, periodSeconds: 5 },
        resources: { requests: { cpu: "5m", memory: "16Mi" }, limits: { cpu: "500m", memory: "128Mi" } },
        volumeMounts: [{ name: "cni", mountPath: "/host/etc/cni/net.d", readOnly: true }],
      },
    ],
    volumes: [{ name: "cni", hostPath: { path: "/etc/cni/net.d", type: "DirectoryOrCreate" } }],
  } satisfies MachinePod);

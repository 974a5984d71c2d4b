import { createHash } from "node:crypto";
import type { V1ConfigMap, V1SecurityContext } from "@kubernetes/client-node";
import { machineDaemonSet, withoutPowers } from "../nodes/machine-daemon-set.ts";
import { probeNamespace } from "../nodes/own-namespace-manifest.ts";
import type { AsJson } from "../objects/kube-object.ts";

/** The same program twice on each machine: a pod of the pod network, and one of the node's own. */
export const proberNames = { pod: "crossfade-prober", host: "crossfade-host-prober" } as const;
export type ProberNetwork = keyof typeof proberNames;

export const proberContainer = "prober";
/** In a pod any will do; on a node it must be free: 4240 to 4245 are Cilium's. */
const proberPorts = { pod: 8_080, host: 4_477 } as const satisfies Record<ProberNetwork, number>;

/**
 * Whom a prober asks, on its pod. The kubelet writes it into the pod's file as soon as it changes, which it does not do for a ConfigMap, and
 * 5,000 lists would not fit into one.
 */
export const targetsAnnotation = "cni-crossfade/targets";

const programFile = "prober.pl";
const programFolder = "/crossfade";
const targetsFolder = "/targets";

export interface ProberSettings {
  readonly image: string;
  readonly pullSecret: string | null;
  /** What all probers of a run share: letters and digits. */
  readonly token: string;
  readonly everyMs: number;
  /** The prober's source. */
  readonly program: string;
}

/** It opens sockets and reads two files: nothing of it needs root. */
const harmless = {
  ...withoutPowers,
  runAsUser: 65_534,
  runAsNonRoot: true,
} satisfies AsJson<V1SecurityContext>;

export const proberConfigMap = (program: string) =>
  ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: proberNames.pod,
      namespace: probeNamespace,
      labels: { app: proberNames.pod, "app.kubernetes.io/managed-by": "crossfade" },
    },
    data: { [programFile]: program },
  }) satisfies AsJson<V1ConfigMap>;

const fromPod = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

/** What the program is started with; Kubernetes puts the node's name and address in. */
export const proberArguments = (
  network: ProberNetwork,
  { token, everyMs }: Pick<ProberSettings, "token" | "everyMs">,
) => [
  "me=$(NODE_NAME)",
  `port=${proberPorts[network]}`,
  `token=${token}`,
  `every=${everyMs}`,
  `targets=${targetsFolder}/list`,
  // Of several addresses of a node answers must leave from the one that was asked.
  ...(network === "host" ? ["bind=$(NODE_IP)"] : []),
];

/** A prober on every machine. No limit of processor time: one that is held back measures that. */
export function proberDaemonSet(network: ProberNetwork, settings: ProberSettings) {
  const { image, pullSecret, program } = settings;
  const port = proberPorts[network];
  return machineDaemonSet(proberNames[network], {
    ...(network === "host" ? { hostNetwork: true } : {}),
    ...(pullSecret === null ? {} : { imagePullSecrets: [{ name: pullSecret }] }),
    containers: [
      {
        name: proberContainer,
        image,
        command: ["perl", `${programFolder}/${programFile}`, ...proberArguments(network, settings)],
        env: [
          fromPod("NODE_NAME", "spec.nodeName"),
          fromPod("NODE_IP", "status.hostIP"),
          // Another program is another pod: a mounted file that changes restarts nothing.
          { name: "PROGRAM", value: createHash("sha256").update(program).digest("hex").slice(0, 16) },
        ],
        securityContext: harmless,
        ports: [
          { name: "tcp", containerPort: port, protocol: "TCP" },
          { name: "udp", containerPort: port, protocol: "UDP" },
        ],
        readinessProbe: { httpGet: { path: "/", port }, periodSeconds: 5, timeoutSeconds: 3 },
        resources: { requests: { cpu: "20m", memory: "24Mi" }, limits: { memory: "96Mi" } },
        volumeMounts: [
          { name: "program", mountPath: programFolder, readOnly: true },
          { name: "targets", mountPath: targetsFolder, readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: "program", configMap: { name: proberNames.pod } },
      {
        name: "targets",
        downwardAPI: {
          items: [{ path: "list", fieldRef: { fieldPath: `metadata.annotations['${targetsAnnotation}']` } }],
        },
      },
    ],
  });
}

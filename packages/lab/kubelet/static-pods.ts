import type { Machine } from "../machine.ts";
import type { PodObject } from "./pod-types.ts";

interface Manifest {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly port: number;
  readonly cpu: string;
}

/** What kubeadm's manifests need to know of the cluster. */
export interface ControlPlaneFacts {
  readonly kubernetesVersion: string;
  readonly clusterCidr: string;
  readonly serviceCidr: string;
}

function manifests({ ip, name }: Machine, facts: ControlPlaneFacts): Manifest[] {
  const image = (component: string) => `registry.k8s.io/${component}:${facts.kubernetesVersion}`;
  const { clusterCidr, serviceCidr } = facts;
  return [
    {
      name: "etcd",
      image: "registry.k8s.io/etcd:3.6.4-0",
      command: ["etcd", `--advertise-client-urls=https://${ip}:2379`, `--name=${name}`],
      port: 2381,
      cpu: "100m",
    },
    {
      name: "kube-apiserver",
      image: image("kube-apiserver"),
      command: ["kube-apiserver", `--advertise-address=${ip}`, `--service-cluster-ip-range=${serviceCidr}`],
      port: 6443,
      cpu: "250m",
    },
    {
      name: "kube-controller-manager",
      image: image("kube-controller-manager"),
      command: [
        "kube-controller-manager",
        "--allocate-node-cidrs=true",
        `--cluster-cidr=${clusterCidr}`,
        `--service-cluster-ip-range=${serviceCidr}`,
      ],
      port: 10257,
      cpu: "200m",
    },
    {
      name: "kube-scheduler",
      image: image("kube-scheduler"),
      command: ["kube-scheduler", "--leader-elect=true"],
      port: 10259,
      cpu: "100m",
    },
  ];
}

/** Mirror pods of a control plane: the kubelet runs them from files and shows them in the API. */
export function staticPods(machine: Machine, facts: ControlPlaneFacts, nodeUid: string): PodObject[] {
  return manifests(machine, facts).map(
    ({ name, image, command, port, cpu }): PodObject => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: `${name}-${machine.name}`,
        namespace: "kube-system",
        labels: { component: name, tier: "control-plane" },
        annotations: {
          "kubernetes.io/config.hash": hash(`${machine.name}/${name}`),
          "kubernetes.io/config.mirror": hash(`${machine.name}/${name}`),
          "kubernetes.io/config.seen": "2026-01-01T00:00:00.000000000Z",
          "kubernetes.io/config.source": "file",
        },
        ownerReferences: [{ apiVersion: "v1", kind: "Node", name: machine.name, uid: nodeUid, controller: true }],
      },
      spec: {
        nodeName: machine.name,
        hostNetwork: true,
        restartPolicy: "Always",
        terminationGracePeriodSeconds: 30,
        priority: 2_000_001_000,
        priorityClassName: "system-node-critical",
        tolerations: [{ effect: "NoExecute", operator: "Exists" }],
        containers: [
          {
            name,
            image,
            command,
            imagePullPolicy: "IfNotPresent",
            resources: { requests: { cpu } },
            ports: [{ name: "probe-port", containerPort: port, protocol: "TCP" }],
            readinessProbe: { httpGet: { path: "/readyz", port: "probe-port" }, periodSeconds: 1, failureThreshold: 3 },
            volumeMounts: [{ name: "k8s-certs", mountPath: "/etc/kubernetes/pki", readOnly: true }],
          },
        ],
        volumes: [{ name: "k8s-certs", hostPath: { path: "/etc/kubernetes/pki" } }],
      },
    }),
  );
}

/** Whether a pod only mirrors a file on its node. */
export function isMirror({ metadata }: { readonly metadata: PodObject["metadata"] }): boolean {
  return metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined;
}

function hash(text: string): string {
  let value = 2166136261;
  for (const letter of text) value = Math.imul(value ^ letter.charCodeAt(0), 16777619) >>> 0;
  return value.toString(16).padStart(8, "0").repeat(4);
}

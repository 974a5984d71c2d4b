import type { KubeObject } from "../../objects.ts";
import type { Chart } from "../charts/catalog.ts";
import { text, truthy, type Values } from "../values.ts";

/** Everything that the templates see. */
export interface ChartContext {
  readonly chart: Chart;
  readonly values: Values;
  readonly namespace: string;
  /** What is in the cluster, for templates that look it up; undefined in a dry render. */
  readonly existing: (kind: "Secret", name: string) => KubeObject | undefined;
}

/** Labels that most objects of the chart bear. */
export function partOf({ line, version }: Chart): Record<string, string> {
  return {
    "app.kubernetes.io/part-of": "cilium",
    ...(line.labelsChart ? { "helm.sh/chart": `cilium-${version}` } : {}),
  };
}

/** An image of the agent or operator; the digest is known only for the version that was read. */
export function image({ version, line }: Chart, of: "agent" | "operator"): string {
  const name = of === "agent" ? "cilium" : "operator-generic";
  const digest = version === line.read ? `@sha256:${line.digests[of]}` : "";
  return `quay.io/cilium/${name}:v${version}${digest}`;
}

export function fromField(name: string, fieldPath: string): object {
  return { name, valueFrom: { fieldRef: { apiVersion: "v1", fieldPath } } };
}

export function fromConfig(name: string, key: string): object {
  return { name, valueFrom: { configMapKeyRef: { name: "cilium-config", key, optional: true } } };
}

/** Where the values name the API server themselves. */
export function apiServerEnv(values: Values): readonly object[] {
  const port = text(values, "k8sServicePort");
  if (!truthy(values, "k8sServiceHost")) return [];
  return [
    { name: "KUBERNETES_SERVICE_HOST", value: text(values, "k8sServiceHost") },
    ...(port === "" ? [] : [{ name: "KUBERNETES_SERVICE_PORT", value: port }]),
  ];
}

export function hostPath(name: string, path: string, type?: string): object {
  return { name, hostPath: type ? { path, type } : { path } };
}

export function mount(name: string, mountPath: string, readOnly?: true): object {
  return readOnly ? { name, mountPath, readOnly } : { name, mountPath };
}

export function httpProbe(port: number | string, rest: object): object {
  const headers = port === 9234 ? {} : { httpHeaders: [{ name: "brief", value: "true" }] };
  return { httpGet: { host: "127.0.0.1", path: "/healthz", port, scheme: "HTTP", ...headers }, ...rest };
}

import type { KubeObject } from "../../objects.ts";
import { age, columns, type TableKind } from "./table-kind.ts";

interface NodeView extends KubeObject {
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly nodeInfo?: {
      readonly kubeletVersion?: string;
      readonly osImage?: string;
      readonly kernelVersion?: string;
      readonly containerRuntimeVersion?: string;
    };
  };
}

/** Nodes as in `kubectl get nodes -o wide`. */
export const nodeTable: TableKind = {
  columns: columns(
    "Name",
    "Status",
    "Roles",
    "Age",
    "Version",
    "wide:Internal-IP",
    "wide:External-IP",
    "wide:OS-Image",
    "wide:Kernel-Version",
    "wide:Container-Runtime",
  ),
  cells(object, context) {
    const node = object as NodeView;
    const { kubeletVersion, osImage, kernelVersion, containerRuntimeVersion } = node.status?.nodeInfo ?? {};
    return [
      node.metadata.name,
      nodeStatus(node),
      nodeRoles(node.metadata.labels ?? {}),
      age(node, context),
      kubeletVersion ?? "",
      address(node, "InternalIP"),
      address(node, "ExternalIP"),
      ...[osImage, kernelVersion, containerRuntimeVersion].map((value) => value || "<unknown>"),
    ];
  },
};

function nodeStatus({ spec, status }: NodeView): string {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const word = ready ? (ready.status === "True" ? "Ready" : "NotReady") : "Unknown";
  return spec?.unschedulable ? `${word},SchedulingDisabled` : word;
}

const rolePrefix = "node-role.kubernetes.io/";

function nodeRoles(labels: Readonly<Record<string, string>>): string {
  const roles = Object.entries(labels).flatMap(([key, value]) => {
    if (key.startsWith(rolePrefix)) return key.length > rolePrefix.length ? [key.slice(rolePrefix.length)] : [];
    return key === "kubernetes.io/role" && value ? [value] : [];
  });
  return roles.sort().join(",") || "<none>";
}

function address({ status }: NodeView, wanted: string): string {
  return status?.addresses?.find(({ type }) => type === wanted)?.address ?? "<none>";
}

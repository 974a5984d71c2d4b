import type { KubeClient } from "../client/kube-client.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { optional } from "../objects/optional.ts";
import { listAs } from "../objects/pages.ts";
import { at, list, text, texts } from "../objects/read.ts";

const flag = "--service-cluster-ip-range=";

function split(value: string): readonly string[] {
  return value
    .split(",")
    .map((range) => range.trim())
    .filter((range) => range !== "");
}

/** From the API server's static pod. */
async function fromApiServerPod(client: KubeClient, signal: AbortSignal): Promise<readonly string[]> {
  const query = { labelSelector: "component=kube-apiserver" };
  const pods = await client.list<KubeObject>("/api/v1/namespaces/kube-system/pods", { query, signal });
  for (const pod of pods) {
    for (const container of list(at(pod, "spec", "containers"))) {
      const words = [...texts(at(container, "command")), ...texts(at(container, "args"))];
      const found = words.find((word) => word.startsWith(flag));
      if (found !== undefined) return split(found.slice(flag.length));
    }
  }
  return [];
}

/** From kubeadm's own notes: `networking.serviceSubnet` in ClusterConfiguration. */
function fromKubeadm(configMaps: Readonly<Record<string, Readonly<Record<string, string>>>>): readonly string[] {
  const configuration = configMaps["kube-system/kubeadm-config"]?.["ClusterConfiguration"] ?? "";
  return split(/^\s*serviceSubnet:\s*"?([^"\s]+)"?\s*$/m.exec(configuration)?.[1] ?? "");
}

/** Where ServiceCIDR objects are served they are the truth; else what can be found in writing; may be empty. */
export async function serviceCidrs(
  client: KubeClient,
  networkingVersions: readonly string[],
  configMaps: Readonly<Record<string, Readonly<Record<string, string>>>>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  for (const version of networkingVersions) {
    const path = `/apis/networking.k8s.io/${version}/servicecidrs`;
    const ranges = await optional(
      listAs(client, path, (object) => texts(at(object, "spec", "cidrs")), { signal }),
      [],
    );
    if (ranges.length > 0) return [...new Set(ranges.flat())];
  }
  const running = await optional(fromApiServerPod(client, signal), []);
  return running.length > 0 ? running : fromKubeadm(configMaps).map((range) => text(range));
}

import type { CiliumNodeConfigFacts } from "../../engine/model/facts.ts";
import type { KubeClient } from "../client/kube-client.ts";
import { ciliumNodeConfigFacts } from "../inventory/cilium-facts.ts";
import type { Discovery } from "../objects/discovery.ts";
import { listAs } from "../objects/pages.ts";

/** CiliumNodeConfigs in whatever version is served: v2alpha1 until 1.15, both until 1.19, v2 alone from 1.20. */
export class NodeConfigs {
  readonly #client: KubeClient;
  readonly #discovery: Discovery;

  constructor(client: KubeClient, discovery: Discovery) {
    this.#client = client;
    this.#discovery = discovery;
  }

  /** The version alone ("v2"); null while none is served. */
  async version(): Promise<string | null> {
    for (const version of (await this.#discovery.groups())["cilium.io"] ?? []) {
      const served = await this.#discovery.find(`cilium.io/${version}`, ({ name }) => name === "ciliumnodeconfigs");
      if (served !== null) return version;
    }
    return null;
  }

  async list(): Promise<readonly CiliumNodeConfigFacts[]> {
    const version = await this.version();
    if (version === null) return [];
    const apiVersion = `cilium.io/${version}`;
    return listAs(this.#client, `/apis/${apiVersion}/ciliumnodeconfigs`, (config) => ({
      ...ciliumNodeConfigFacts(config),
      apiVersion,
    }));
  }

  async apply({ apiVersion, namespace, name, matchLabels, defaults }: CiliumNodeConfigFacts): Promise<void> {
    const object = {
      apiVersion,
      kind: "CiliumNodeConfig",
      metadata: { namespace, name },
      spec: { nodeSelector: { matchLabels }, defaults },
    };
    const path = `/apis/${apiVersion}/namespaces/${namespace}/ciliumnodeconfigs/${name}`;
    await this.#client.patch(path, object, { kind: "apply", force: true });
  }

  async delete(namespace: string, name: string): Promise<void> {
    const version = await this.version();
    if (version === null) return;
    await this.#client.delete(`/apis/cilium.io/${version}/namespaces/${namespace}/ciliumnodeconfigs/${name}`);
  }
}

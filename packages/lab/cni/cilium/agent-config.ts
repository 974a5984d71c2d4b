import { selects } from "../../label-selector.ts";
import type { Machine } from "../../machine.ts";
import { type ContainerContext, type Program, ProgramExit } from "../../program.ts";
import type { CiliumNodeConfigObject, ConfigMapObject, NodeObject } from "../kinds.ts";

/** Where the agent finds its configuration, one file a key. */
export const configFolder = "/tmp/cilium/config-map";

/** The merged configuration of one agent pod. */
export type AgentConfig = ReadonlyMap<string, string>;

interface Written {
  readonly podUid: string;
  readonly config: AgentConfig;
}

/** An emptyDir of the agent's pod: another pod on the node starts with its own. */
const written = new WeakMap<Machine, Written>();

/** The CRD's resource as the store names it. */
const nodeConfigs = "cilium.io/ciliumnodeconfigs";

/** Init container `config`: what it merges holds for as long as the pod lives, whatever changes later. */
export const configProgram: Program = {
  name: "cilium config",
  matches: (image, container) => /cilium\/cilium(:|@|$)/.test(image) && container === "config",
  async runToEnd(context) {
    const namespace = context.pod.metadata.namespace ?? "kube-system";
    const base = context.store.get<ConfigMapObject>("configmaps", namespace, "cilium-config");
    if (!base) throw new ProgramExit(1, `failed to build config: configmaps "cilium-config" not found in ${namespace}`);
    const config = merge(context, base);
    written.set(context.machine, { podUid: context.pod.metadata.uid ?? "", config });
    context.log(`level=info msg="Wrote configuration" sources="${config.get("config-sources") ?? ""}"`);
  },
};

/** Undefined when the pod's init container has not written it. */
export function configOf({ machine, pod }: Pick<ContainerContext, "machine" | "pod">): AgentConfig | undefined {
  const found = written.get(machine);
  return found?.podUid === (pod.metadata.uid ?? "") ? found.config : undefined;
}

function merge(context: ContainerContext, base: ConfigMapObject): AgentConfig {
  const { store, machine, pod } = context;
  const namespace = pod.metadata.namespace ?? "kube-system";
  const config = new Map(Object.entries(base.data ?? {}));
  const labels = store.get<NodeObject>("nodes", null, machine.name)?.metadata.labels ?? {};
  const sources = [{ kind: "config-map", namespace, name: "cilium-config" }];
  const overridden = new Set<string>();
  for (const { metadata, spec } of matching(listNodeConfigs(store, namespace), labels)) {
    sources.push({ kind: "cilium-node-config", namespace, name: metadata.name });
    for (const [key, value] of Object.entries(spec.defaults ?? {})) {
      if (!/^[-._a-zA-Z0-9]+$/.test(key)) {
        context.log(`level=warning msg="Ignoring invalid key" key="${key}" source="${metadata.name}"`);
        continue;
      }
      if (overridden.has(key))
        context.log(`level=warning msg="Key is set more than once, the last one wins" key="${key}"`);
      overridden.add(key);
      config.set(key, value);
    }
  }
  config.set("config-sources", JSON.stringify(sources));
  return config;
}

function listNodeConfigs(store: ContainerContext["store"], namespace: string): readonly CiliumNodeConfigObject[] {
  const crd = store.get("apiextensions.k8s.io/customresourcedefinitions", null, "ciliumnodeconfigs.cilium.io");
  return crd ? store.list<CiliumNodeConfigObject>(nodeConfigs, namespace) : [];
}

function matching(
  all: readonly CiliumNodeConfigObject[],
  labels: Readonly<Record<string, string>>,
): readonly CiliumNodeConfigObject[] {
  const byName = (a: CiliumNodeConfigObject, b: CiliumNodeConfigObject) => (a.metadata.name < b.metadata.name ? -1 : 1);
  return all.filter(({ spec }) => selects(spec.nodeSelector, labels)).sort(byName);
}

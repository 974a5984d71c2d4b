import { pause } from "../../clock.ts";
import type { KubeObject } from "../../objects.ts";
import { type ContainerContext, type Program, ProgramExit } from "../../program.ts";
import { type ProgramWorld, untilApiAnswers } from "../api-access.ts";
import { inBackground } from "../background.ts";
import type { ConfigMapObject } from "../kinds.ts";
import { ClusterPool, type PoolSettings } from "./cluster-pool.ts";
import { definitions, isEstablished } from "./crd-state.ts";
import { ciliumDefinitions } from "./crds.ts";
import { lead } from "./leader.ts";
import { followAgents, type NodeTaintSettings } from "./node-taints.ts";
import { intervalMs, watchUnmanaged } from "./unmanaged-pods.ts";
import { versionOf } from "./version.ts";

type Config = Readonly<Record<string, string>>;

/** What it reads at its own start holds until it is restarted, whatever the ConfigMap says later. */
export function operator({ network }: ProgramWorld): Program {
  return {
    name: "cilium-operator",
    matches: (image) => /cilium\/operator/.test(image),
    start(context, crash) {
      const namespace = context.pod.metadata.namespace ?? "kube-system";
      const found = context.store.get<ConfigMapObject>("configmaps", namespace, "cilium-config");
      if (!found) throw new ProgramExit(1, "open /tmp/cilium/config-map: no such file or directory");
      const config: Config = { ...found.data };
      const ended: (() => void)[] = [];
      let ready = false;
      inBackground(context, crash, async () => {
        await untilApiAnswers(context, network);
        await pause(context.clock, context.random.between(300, 1_200), context.signal);
        if (context.signal.aborted) return;
        ready = true;
        const lease = await lead(context);
        if (!lease || context.signal.aborted) return;
        ended.push(() => lease.stop());
        context.log('level=info msg="Leading the operator HA deployment"');
        await work(context, config, ended);
      });
      return {
        ready: () => ready,
        stop() {
          for (const end of ended.splice(0)) end();
        },
      };
    },
  };
}

async function work(context: ContainerContext, config: Config, ended: (() => void)[]): Promise<void> {
  await serveDefinitions(context, config);
  if (context.signal.aborted) return;
  const { store, clock } = context;
  if ((config.ipam ?? "cluster-pool") === "cluster-pool") ended.push(new ClusterPool(store, poolOf(config)).start());
  ended.push(followAgents(store, clock, taintsOf(config, context.pod.metadata.namespace ?? "kube-system")));
  const everyMs = intervalMs(config["unmanaged-pod-watcher-interval"]);
  if (everyMs === 0 || config["disable-endpoint-crd"] === "true") return;
  const selector = config["pod-restart-selector"] ?? "k8s-app=kube-dns";
  ended.push(watchUnmanaged(store, clock, { everyMs, selector, log: (line) => context.log(line) }));
}

/** Resolves once the API server serves them all. */
async function serveDefinitions(context: ContainerContext, config: Config): Promise<void> {
  const { store, clock, random, signal } = context;
  const wanted = ciliumDefinitions(versionOf(context.image).minor);
  if (config["skip-crd-creation"] !== "true") for (const definition of wanted) createOrUpdate(context, definition);
  await pause(clock, random.between(200, 600), signal);
  const open = () => !wanted.every(({ metadata }) => isEstablished(store, metadata.name));
  while (!signal.aborted && open()) await pause(clock, 500, signal);
}

function poolOf(config: Config): PoolSettings {
  const cidrs = (config["cluster-pool-ipv4-cidr"] ?? "").split(/[\s,]+/).filter(Boolean);
  return { cidrs, maskSize: Number(config["cluster-pool-ipv4-mask-size"] ?? 24) };
}

function taintsOf(config: Config, namespace: string): NodeTaintSettings {
  return {
    namespace,
    taintKey: config["agent-not-ready-taint-key"] ?? "node.cilium.io/agent-not-ready",
    remove: config["remove-cilium-node-taints"] !== "false",
    set: config["set-cilium-node-taints"] === "true",
    reportsNetwork: config["set-cilium-is-up-condition"] !== "false",
  };
}

/** A definition of the same schema version stays as it is; another is brought to this operator's. */
function createOrUpdate({ store }: ContainerContext, wanted: KubeObject): void {
  const label = "io.cilium.k8s.crd.schema.version";
  const { name } = wanted.metadata;
  const current = store.get(definitions, null, name);
  if (!current) {
    store.create(definitions, wanted, { manager: "cilium-operator-generic" });
    return;
  }
  if (current.metadata.labels?.[label] === wanted.metadata.labels?.[label]) return;
  store.change(definitions, null, name, (copy) => {
    copy.metadata.labels = { ...copy.metadata.labels, ...wanted.metadata.labels };
    copy.spec = structuredClone(wanted.spec);
  });
}

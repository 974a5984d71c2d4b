import { VirtualClock } from "../../clock.ts";
import type { Pod, PodSpec } from "../../controllers/kinds.ts";
import { startControllers } from "../../controllers/start-controllers.ts";
import type { KubeObject } from "../../objects.ts";
import { seededRandom } from "../../random.ts";
import type { ApiStore } from "../../store/api-store.ts";
import { createStore } from "../../store/create-store.ts";
import { type FakeKubelets, fakeKubelets } from "../support/fake-kubelet.ts";

/** A store with its controllers and fake kubelets, in virtual time. */
export interface TestCluster {
  readonly store: ApiStore;
  readonly clock: VirtualClock;
  readonly kubelets: FakeKubelets;
  /** Advances until the test holds, at most `limitMs` of lab time. */
  until(test: () => boolean, limitMs?: number): Promise<void>;
  pods(namespace?: string): readonly Pod[];
  [Symbol.dispose](): void;
}

export interface ClusterOptions {
  readonly nodes?: readonly string[];
  readonly clusterCidr?: string;
  readonly seed?: number;
  readonly clock?: VirtualClock;
}

export function testCluster(options: ClusterOptions = {}): TestCluster {
  const { nodes = [], clusterCidr = "10.244.0.0/16", seed = 1, clock = new VirtualClock() } = options;
  const random = seededRandom(seed);
  const store = createStore({ clock, random: random.fork("store") });
  for (const name of ["default", "kube-system", "kube-node-lease"]) {
    if (store.get("namespaces", null, name)) continue;
    store.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  const kubelets = fakeKubelets(store, clock);
  const own = random.fork("controllers");
  const controllers = startControllers({ store, clock, random: own, clusterCidr, serviceCidr: "10.96.0.0/12" });
  for (const node of nodes) kubelets.addNode(node);
  return {
    store,
    clock,
    kubelets,
    async until(test, limitMs = 60_000) {
      const end = clock.now() + limitMs;
      while (!test() && clock.now() < end) await clock.advance(20);
      if (!test()) throw new Error(`Not within ${limitMs} ms of lab time: ${test.toString()}`);
    },
    pods: (namespace = "default") => store.list<Pod>("pods", namespace),
    [Symbol.dispose]: () => {
      controllers.stop();
      kubelets.stop();
    },
  };
}

/** A template of one container, with the label app. */
export function template(app: string, spec: Partial<PodSpec> = {}) {
  return { metadata: { labels: { app } }, spec: { containers: [{ name: "main", image: "nginx:1" }], ...spec } };
}

export function pod(name: string, spec: Partial<PodSpec> = {}, labels: Record<string, string> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels },
    spec: { containers: [{ name: "main", image: "nginx:1" }], ...spec },
  };
}

export function workload(kind: string, name: string, spec: Record<string, unknown> = {}): KubeObject {
  const base = { selector: { matchLabels: { app: name } }, template: template(name) };
  return {
    apiVersion: kind === "Job" ? "batch/v1" : "apps/v1",
    kind,
    metadata: { name, namespace: "default" },
    spec: kind === "Job" ? { template: template(name, { restartPolicy: "Never" }), ...spec } : { ...base, ...spec },
  };
}

export function budget(name: string, app: string, spec: Record<string, unknown>): KubeObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace: "default" },
    spec: { selector: { matchLabels: { app } }, ...spec },
  };
}

export function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;
}

/** Says of a pod what its readiness probe would. */
export function setPodReady(store: ApiStore, name: string, status: "True" | "False"): void {
  const edit = (copy: Pod) => {
    copy.status = { ...copy.status, conditions: [{ type: "Ready", status }] };
  };
  store.change<Pod>("pods", "default", name, edit, { subresource: "status" });
}

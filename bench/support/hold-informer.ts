import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  makeInformer,
  PolicyV1Api,
} from "@kubernetes/client-node";
import { hold } from "./holding.ts";

/** The same with client-node's informers: one unpaged list each, as its examples do, or pages of 500 (PAGED=1). */
const config = new KubeConfig();
config.loadFromDefault();
const core = config.makeApiClient(CoreV1Api);
const apps = config.makeApiClient(AppsV1Api);
const policy = config.makeApiClient(PolicyV1Api);
let last = false;

type Page = { readonly limit?: number; readonly _continue?: string };
type Lister = (page: Page) => Promise<KubernetesListObject<KubernetesObject>>;

async function pages(list: Lister): Promise<KubernetesListObject<KubernetesObject>> {
  const first = await list({ limit: 500 });
  for (let token = first.metadata?._continue; token; ) {
    const next = await list({ limit: 500, _continue: token });
    for (const item of next.items) first.items.push(item);
    token = next.metadata?._continue;
  }
  return first;
}

function informer(path: string, list: Lister) {
  const watched = makeInformer(config, path, () => (process.env.PAGED ? pages(list) : list({})));
  watched.on("update", (object) => {
    if ((object as { status?: { phase?: string } }).status?.phase === "Failed") last = true;
  });
  return watched;
}

const pods = informer("/api/v1/pods", (page) => core.listPodForAllNamespaces(page));
const nodes = informer("/api/v1/nodes", (page) => core.listNode(page));
const more = [
  informer("/apis/policy/v1/poddisruptionbudgets", (page) => policy.listPodDisruptionBudgetForAllNamespaces(page)),
  informer("/apis/apps/v1/daemonsets", (page) => apps.listDaemonSetForAllNamespaces(page)),
  informer("/apis/apps/v1/deployments", (page) => apps.listDeploymentForAllNamespaces(page)),
  informer("/apis/apps/v1/statefulsets", (page) => apps.listStatefulSetForAllNamespaces(page)),
];
const all = [pods, nodes, ...(process.env.KINDS === "two" ? [] : more)];

await hold({
  async sync() {
    await Promise.all(
      all.map(async (one) => {
        const failed = new Promise<never>((_, reject) => one.on("error", reject));
        await Promise.race([one.start(), failed]);
      }),
    );
    for (const one of all) one.on("error", () => undefined);
    return { pods: pods.list().length, nodes: nodes.list().length };
  },
  sawLast: () => last,
  async stop() {
    await Promise.all(all.map((one) => one.stop()));
  },
});

import type { TestBed } from "./test-bed.ts";

const namespace = "crossfade-real-policies";

/** Whom the guarded pods let in, and whom they do not. */
export type Role = "friend" | "stranger";

/** Where the two pods of a pair have their addresses. */
type Half = "old" | "cilium";

/** One request from a pod to a guarded pod on another node. */
export interface Pair {
  readonly role: Role;
  readonly from: Half;
  readonly to: Half;
  readonly label: string;
  readonly answered: boolean;
}

interface PodObject {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly nodeName: string };
  readonly status: { readonly podIP?: string };
}

const template = (name: string, image: string, command?: readonly string[]) => ({
  metadata: { labels: { app: name, role: name } },
  spec: {
    terminationGracePeriodSeconds: 1,
    tolerations: [{ operator: "Exists", effect: "NoSchedule" }],
    containers: [{ name: "main", image, ...(command === undefined ? {} : { command }) }],
  },
});

const daemonSet = (name: string, image: string, command?: readonly string[]) => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name, namespace },
  spec: { selector: { matchLabels: { app: name } }, template: template(name, image, command) },
});

const idle = ["sh", "-c", "trap exit TERM; while :; do sleep 3600 & wait $!; done"];

/** On every node a guarded server, a friend whom its NetworkPolicy lets in, and a stranger. */
export async function makePolicyWorld(bed: TestBed): Promise<void> {
  const image = bed.options.image ?? "nginx:1.27";
  await bed.apply([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    daemonSet("guarded", image),
    daemonSet("friend", image, idle),
    daemonSet("stranger", image, idle),
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "from-friends", namespace },
      spec: {
        podSelector: { matchLabels: { app: "guarded" } },
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ podSelector: { matchLabels: { role: "friend" } } }] }],
      },
    },
  ]);
  await bed.podsReady("with guarded pods");
}

export async function removePolicyWorld(bed: TestBed): Promise<void> {
  await bed.kubectl("delete", "namespace", namespace, "--ignore-not-found");
}

async function pods(bed: TestBed): Promise<readonly PodObject[]> {
  const listed = JSON.parse(await bed.kubectl("-n", namespace, "get", "pods", "-o", "json")) as { items: PodObject[] };
  return listed.items;
}

async function asks(bed: TestBed, from: PodObject, to: PodObject): Promise<boolean> {
  const url = `http://${to.status.podIP ?? "-"}/`;
  // A first packet may find a path that is only being learnt: a refusal by policy stays one.
  const script = `for n in 1 2 3; do curl -sf -m 2 -o /dev/null ${url} && echo yes && exit; done; echo no`;
  return (await bed.kubectl("-n", namespace, "exec", from.metadata.name, "--", "sh", "-c", script)).trim() === "yes";
}

/** Every friend and stranger asks every guarded pod on another node. */
export async function askAll(bed: TestBed, migrated: readonly string[]): Promise<readonly Pair[]> {
  const all = await pods(bed);
  const half = ({ spec }: PodObject): Half => (migrated.includes(spec.nodeName) ? "cilium" : "old");
  const told: Pair[] = [];
  for (const to of all.filter(({ metadata }) => metadata.labels["app"] === "guarded")) {
    const askers = all.filter(
      ({ metadata, spec }) => metadata.labels["app"] !== "guarded" && spec.nodeName !== to.spec.nodeName,
    );
    const answers = await Promise.all(askers.map((from) => asks(bed, from, to)));
    told.push(
      ...askers.map((from, index) => ({
        role: from.metadata.labels["app"] as Role,
        from: half(from),
        to: half(to),
        label: `${from.metadata.labels["app"]} on ${from.spec.nodeName} → guarded on ${to.spec.nodeName}`,
        answered: answers[index] === true,
      })),
    );
  }
  return told;
}

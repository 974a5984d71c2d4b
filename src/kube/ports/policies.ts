import type { KubeClient } from "../client/kube-client.ts";
import type { Uncounted } from "../inventory/uncounted.ts";
import type { Discovery } from "../objects/discovery.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { at, list, number } from "../objects/read.ts";

interface Counting {
  readonly signal: AbortSignal;
  readonly uncounted: Uncounted;
  /** Group → plurals of its kinds that restrict traffic. */
  readonly kinds: Readonly<Record<string, readonly string[]>>;
}

/** How many there are; one object is enough to ask, for the server counts the rest. */
async function count(client: KubeClient, path: string, signal: AbortSignal): Promise<number> {
  const page = await client.get<KubeObject>(path, { query: { limit: 1 }, signal });
  const here = list(at(page, "items")).length;
  const rest = at(page, "metadata", "remainingItemCount");
  if (typeof rest === "number") return here + number(rest);
  return at(page, "metadata", "continue") ? (await client.list(path, { signal })).length : here;
}

/** networkpolicies.networking.k8s.io → number, of the kinds that are served. */
export async function countPolicies(
  client: KubeClient,
  discovery: Discovery,
  groups: Readonly<Record<string, readonly string[]>>,
  { signal, uncounted, kinds }: Counting,
): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  const asking = Object.entries(kinds).map(async ([group, plurals]) => {
    for (const version of groups[group] ?? []) {
      const served = (await discovery.resources(`${group}/${version}`)) ?? [];
      for (const plural of plurals) {
        const name = `${plural}.${group}`;
        if (name in counts || !served.some((resource) => resource.name === plural)) continue;
        counts[name] = await uncounted.unless(name, count(client, `/apis/${group}/${version}/${plural}`, signal), 0);
      }
    }
  });
  await Promise.all(asking);
  return counts;
}

import type { NodeFacts } from "../../engine/model/facts.ts";
import type { Nodes } from "../../engine/model/ports/nodes.ts";
import { ApiError } from "../client/api-error.ts";
import type { KubeClient } from "../client/kube-client.ts";
import { nodeFacts } from "../inventory/node-facts.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { at, list } from "../objects/read.ts";
import type { Watches } from "../watch/watch.ts";

const pathOf = (name: string) => `/api/v1/nodes/${encodeURIComponent(name)}`;

/** The port `nodes`: reads from the watch, small patches that touch nothing they do not mean. */
export function kubeNodes(client: KubeClient, watches: Watches): Nodes {
  function remember(name: string, object: KubeObject): void {
    watches.cache("nodes").remember(null, name, nodeFacts(object), object.metadata.resourceVersion);
  }

  async function patch(name: string, body: unknown, kind: "merge" | "json" | "strategic"): Promise<void> {
    remember(name, await client.patch<KubeObject>(pathOf(name), body, { kind }));
  }

  async function setUnschedulable(name: string, unschedulable: boolean): Promise<void> {
    const now = await client.get<KubeObject>(pathOf(name));
    // A patch whose answer was lost did it, and no watch has told so yet: what it told last would pass for another's deed.
    if ((at(now, "spec", "unschedulable") === true) === unschedulable) return remember(name, now);
    await patch(name, { spec: { unschedulable: unschedulable ? true : null } }, "strategic");
  }

  /** The list of taints is one value: guarded by what was read, or another's taint would be lost. */
  async function removeTaint(name: string, key: string): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const now = await client.get<KubeObject>(pathOf(name));
      const taints = list(at(now, "spec", "taints"));
      const kept = taints.filter((taint) => at(taint, "key") !== key);
      if (kept.length === taints.length) return;
      const operations = [
        { op: "test", path: "/spec/taints", value: taints },
        { op: "replace", path: "/spec/taints", value: kept },
      ];
      try {
        return await patch(name, operations, "json");
      } catch (error) {
        const lostRace = error instanceof ApiError && (error.status === 409 || error.status === 422);
        if (!lostRace || attempt >= 4) throw error;
      }
    }
  }

  return {
    async list() {
      const all = [...(await watches.synced("nodes")).all()];
      return all.toSorted((one, other) => one.name.localeCompare(other.name));
    },
    async get(name): Promise<NodeFacts | null> {
      return (await watches.synced("nodes")).get(null, name) ?? null;
    },
    cordon: (name) => setUnschedulable(name, true),
    uncordon: (name) => setUnschedulable(name, false),
    setLabel: (name, key, value) => patch(name, { metadata: { labels: { [key]: value } } }, "merge"),
    removeTaint,
    removeAnnotations: (name, keys) =>
      patch(name, { metadata: { annotations: Object.fromEntries(keys.map((key) => [key, null])) } }, "merge"),
  };
}

import type { JsonObject } from "../../engine/model/plan-types.ts";
import type { Objects } from "../../engine/model/ports/objects.ts";
import type { KubeClient } from "../client/kube-client.ts";
import type { Discovery } from "../objects/discovery.ts";
import type { KubeObject } from "../objects/kube-object.ts";

/** The port `objects`. */
export function kubeObjects(client: KubeClient, discovery: Discovery): Objects {
  return {
    async get(object) {
      const path = await discovery.pathOf(object);
      return path === null ? null : ((await client.find<KubeObject>(path)) as JsonObject | null);
    },
    async all({ apiVersion, kind }) {
      const resource = await discovery.find(apiVersion, (one) => one.kind === kind || one.name === kind);
      if (resource === null) return [];
      const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
      const found = await client.list<KubeObject>(`${root}/${resource.name}`);
      // Objects of a list do not say what they are.
      return found.map((object) => ({ ...(object as unknown as JsonObject), apiVersion, kind: resource.kind }));
    },
    async merge(object, patch) {
      const path = await discovery.pathOf(object);
      if (path !== null) await client.patch(path, patch, { kind: "merge" });
    },
  };
}

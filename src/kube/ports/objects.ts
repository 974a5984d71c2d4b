import type { JsonObject } from "../../engine/model/plan-types.ts";
import type { ApplyAnswer, Objects } from "../../engine/model/ports/objects.ts";
import { admissionAnswer } from "../client/admission.ts";
import { ApiError } from "../client/api-error.ts";
import type { KubeClient } from "../client/kube-client.ts";
import type { Discovery } from "../objects/discovery.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { at, text } from "../objects/read.ts";

/** Answers about the object; whatever else goes wrong says nothing of it. */
const aboutTheObject: ReadonlySet<number> = new Set([400, 404, 409, 413, 415, 422]);

async function applied(client: KubeClient, path: string, object: JsonObject, dryRun: boolean): Promise<ApplyAnswer> {
  const query = { fieldValidation: "Strict", ...(dryRun ? { dryRun: "All" } : {}) };
  try {
    const made = await client.patch<KubeObject>(path, object, { kind: "apply", query });
    return { did: "applied", object: made as unknown as JsonObject };
  } catch (error) {
    const isAnswer = error instanceof ApiError && aboutTheObject.has(error.status);
    if (!isAnswer && admissionAnswer(error)?.kind !== "denied") throw error;
    return { did: "refused", said: (error as Error).message };
  }
}

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
    async apply(object, { dryRun }) {
      const [apiVersion, kind] = [text(at(object, "apiVersion")), text(at(object, "kind"))];
      const [name, namespace] = [text(at(object, "metadata", "name")), text(at(object, "metadata", "namespace"))];
      const path = await discovery.pathOf({ apiVersion, kind, name, namespace: namespace === "" ? null : namespace });
      if (path === null) return { did: "refused", said: `${kind} of ${apiVersion} is not served` };
      return applied(client, path, object, dryRun);
    },
    async remove(object, uid) {
      const path = await discovery.pathOf(object);
      if (path === null) return;
      try {
        await client.delete(path, { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid } });
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 409) throw error;
      }
    },
  };
}

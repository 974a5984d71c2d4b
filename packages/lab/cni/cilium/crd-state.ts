import type { KubeObject, Store } from "../../objects.ts";

/** Resource of CRDs in the store. */
export const definitions = "apiextensions.k8s.io/customresourcedefinitions";

interface Definition extends KubeObject {
  status?: { conditions?: { type: string; status: string }[] };
}

/** Only an established definition serves its objects. */
export function isEstablished(store: Store, name: string): boolean {
  const found = store.get<Definition>(definitions, null, name);
  return found?.status?.conditions?.some(({ type, status }) => type === "Established" && status === "True") ?? false;
}

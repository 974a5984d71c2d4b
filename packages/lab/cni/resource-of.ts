import type { KubeObject, ResourceName } from "../objects.ts";

/** Good for the kinds of a CNI's manifest: none of their plurals is odd. */
export function resourceOf({ apiVersion, kind }: KubeObject): ResourceName {
  const group = apiVersion.includes("/") ? `${apiVersion.split("/")[0]}/` : "";
  return `${group}${kind.toLowerCase()}s`;
}

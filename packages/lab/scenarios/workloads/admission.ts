import type { FaultRequest } from "../../api/serve/faults.ts";
import { ApiError } from "../../store/api-error.ts";
import type { Stage } from "../scenario.ts";

const eviction = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/eviction$/;

/** Namespace and name of the pod whose eviction is asked for. */
function evicted({ method, path }: FaultRequest): readonly [namespace: string, name: string] | null {
  const [, namespace, name] = (method === "POST" && eviction.exec(path)) || [];
  return namespace !== undefined && name !== undefined ? [namespace, name] : null;
}

/** A webhook over pods/eviction answers so, for the pods that it is for and as long as it does. */
export function refuseEvictions(
  { refuse }: Pick<Stage, "refuse">,
  isMeant: (namespace: string, name: string) => boolean,
  answer: (pod: string) => ApiError,
): void {
  refuse((request) => {
    const pod = evicted(request);
    return pod && isMeant(...pod) ? { refusal: answer(pod[1]) } : null;
  });
}

/** As k8s.io/apiserver words it, with the status of the webhook's own choice: Strimzi's answers 500. */
export const deniedBy = (webhook: string, words: string): ApiError =>
  new ApiError(500, "", `admission webhook "${webhook}" denied the request: ${words}`);

/** A webhook whose failurePolicy is Fail and whose Service has no endpoints. */
export function notCalled(webhook: string, service: string): ApiError {
  const [namespace, name] = service.split("/");
  const message = `failed calling webhook "${webhook}": failed to call webhook: Post "https://${name}.${namespace}.svc:443/evict?timeout=10s": no endpoints available for service "${name}"`;
  const causes = [{ reason: "", message, field: "" }];
  return new ApiError(500, "InternalError", `Internal error occurred: ${message}`, { causes });
}

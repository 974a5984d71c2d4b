import type { StartCause, StartTrouble } from "../../engine/model/reasons/start-trouble.ts";
import { counted } from "../../engine/model/some-of.ts";
import { type About, type Audience, retrying } from "../audience.ts";
import type { Said } from "../said.ts";

const byNamed = (named: string | null, words: (named: string) => string, otherwise: string) =>
  named === null ? otherwise : words(named);

const quota = (name: string, namespace: string) =>
  `room in ResourceQuota ${namespace}/${name} (kubectl -n ${namespace} edit quota ${name})`;

/** What clears each cause. */
const clears: Readonly<Record<StartCause, (namespace: string, named: string | null) => string>> = {
  image: () => "a registry that gives the node this image (crossfade plan lists all that are needed)",
  "pod-security": (namespace) =>
    `kubectl label --overwrite namespace ${namespace} pod-security.kubernetes.io/enforce=privileged`,
  quota: (namespace, named) =>
    byNamed(named, (name) => quota(name, namespace), `room in the ResourceQuotas of namespace ${namespace}`),
  "quota-scopes": (namespace) => `a ResourceQuota in namespace ${namespace} that admits pods of this PriorityClass`,
  "limit-range": (namespace) =>
    `a LimitRange in namespace ${namespace} that allows this (kubectl -n ${namespace} get limitrange)`,
  webhook: (_namespace, named) => byNamed(named, (name) => `webhook ${name} letting the pod pass`, "its webhook"),
  taint: () => "a node without such a taint (kubectl taint node NODE KEY-)",
  cordoned: () => "a node that is not cordoned (kubectl uncordon NODE)",
  resource: (_namespace, named) => byNamed(named, (what) => `a node with more free ${what}`, "a node with more room"),
  unfit: () => "a node that the scheduler finds fit",
};

/** "3 restarts, exit code 1: …"; "" where its containers did not end by themselves. */
function crashWords({ restarts, lastFailure }: Pick<StartTrouble, "restarts" | "lastFailure">): string {
  if (lastFailure === "") return "";
  return restarts > 0 ? `${counted(restarts, "restart")}, ${lastFailure}` : lastFailure;
}

/** As the end of a sentence: " (POD: ImagePullBackOff: …)"; "" where nothing is known. */
export function troubleWords(trouble: StartTrouble | null): string {
  if (trouble === null) return "";
  const { pod, unmade, why, more } = trouble;
  const told = [why, crashWords(trouble)].filter((part) => part !== "").join(", ");
  const others = more > 0 ? `; ${more} more like it` : "";
  if (unmade !== null) return ` (no pod of ${unmade} may be made: ${told}${others})`;
  return ` (${pod === null ? "" : `${pod}: `}${told}${others})`;
}

/** Who waits for pods to start. */
interface Waiter {
  readonly audience: Audience;
  readonly about: About;
}

/** Waits for pods to start: what keeps them from it, and what clears that. */
export function untilStarted(
  awaited: { readonly text: string; readonly clearedBy: string },
  trouble: StartTrouble | null,
  { audience, about }: Waiter,
): Said {
  const text = `${awaited.text}${troubleWords(trouble)}`;
  if (!trouble?.cause) return { ...awaited, text };
  const clearedBy = clears[trouble.cause](trouble.namespace, trouble.named);
  return { text, clearedBy, remedy: `cleared by ${clearedBy}; then ${retrying(audience, about)} to go on waiting` };
}

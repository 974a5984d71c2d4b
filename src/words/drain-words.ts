import type { BudgetCount } from "../engine/model/reason.ts";
import { counted, someOf } from "../engine/model/some-of.ts";
import type { SayersOf } from "./said.ts";

const plural = (count: number) => (count === 1 ? "pod" : "pods");

const others = (more: number, held = "") => (more > 0 ? ` (and ${more} more ${plural(more)}${held})` : "");

/** What is told after why a pod is held: how many others are, and that the node's kubelet is silent. */
const held = ({ more, silent }: { readonly more: number; readonly silent: string | null }) =>
  `${others(more, " held")}${silent === null ? "" : `; the kubelet of ${silent} is silent`}`;

const budgetWords = ({ name, allowed, pods, needs, has }: BudgetCount) =>
  `PodDisruptionBudget ${name} allows ${allowed} of ${pods} (needs ${needs} healthy, has ${has})`;

/** What a drain waits for. */
export const drainWords: SayersOf<
  | "pods-leaving"
  | "pod-unseen"
  | "pod-kept-by-finalizer"
  | "pod-overdue"
  | "pdb-blocks"
  | "eviction-blocked"
  | "eviction-refused"
  | "eviction-denied"
  | "eviction-webhook-down"
  | "eviction-throttled"
  | "eviction-unanswered"
> = {
  "pods-leaving": ({ count, pods }) => {
    const named = someOf(pods, pods.length, Math.max(0, count - pods.length));
    return { text: `${counted(count, "pod")} to leave: ${named}`, clearedBy: "the pods stopping" };
  },
  "pod-unseen": ({ namespace, pod, node, more }) => ({
    text: `${namespace}/${pod}, whose end cannot be observed: the kubelet of ${node} is silent${others(more)}`,
    clearedBy: `that kubelet; once ${node} is surely off: kubectl -n ${namespace} delete pod ${pod} --force`,
  }),
  "pod-kept-by-finalizer": ({ namespace, pod, finalizers, more }) => ({
    text: `${namespace}/${pod}, which is deleted but kept by its finalizer ${finalizers.join(", ")}${others(more)}`,
    clearedBy: `the controller that set it; by hand: kubectl -n ${namespace} edit pod ${pod}`,
  }),
  "pod-overdue": ({ namespace, pod, node, graceSeconds, more }) => ({
    text: `${namespace}/${pod}, whose grace period of ${graceSeconds} s is over${others(more)}`,
    clearedBy: `the kubelet of ${node}; kubectl -n ${namespace} describe pod ${pod} says more`,
  }),
  "pdb-blocks": ({ namespace, pod, budgets, ...rest }) => ({
    text: `${namespace}/${pod}: ${budgets.map(budgetWords).join(" and ")}${held(rest)}`,
    clearedBy: "the budget allowing one more disruption",
  }),
  "eviction-blocked": ({ namespace, pod, said, ...rest }) => ({
    text: `${namespace}/${pod}: ${said}${held(rest)}`,
    clearedBy: "the budget allowing one more disruption",
  }),
  "eviction-refused": ({ namespace, pod, said, remedy, ...rest }) => ({
    text: `${namespace}/${pod}: ${said}${held(rest)}`,
    clearedBy: remedy,
  }),
  "eviction-denied": ({ namespace, pod, by, said, ...rest }) => ({
    text: `${namespace}/${pod}: ${said}${held(rest)}`,
    clearedBy: `${by} letting the pod go`,
    remedy: `see what ${by} waits for (kubectl describe pod ${pod} --namespace ${namespace}), then retry; or roll the node back`,
  }),
  "eviction-webhook-down": ({ namespace, pod, by, said, ...rest }) => ({
    text: `${namespace}/${pod}: ${said}${held(rest)}`,
    clearedBy: `${by} answering`,
    remedy: `get ${by} to answer (kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations -o yaml names the Service behind it), then retry; or roll the node back`,
  }),
  "eviction-throttled": ({ namespace, pod, ...rest }) => ({
    text: `${namespace}/${pod}: the API server asks for fewer requests${held(rest)}`,
    clearedBy: "the API server taking more requests",
  }),
  "eviction-unanswered": ({ namespace, pod, said, ...rest }) => ({
    text: `${namespace}/${pod}: its eviction got no answer${said === "" ? "" : ` (${said})`}${held(rest)}`,
    clearedBy: "the API server answering for this pod",
  }),
};

import type { KubeObject } from "../../objects.ts";
import type { Scenario } from "../scenario.ts";
import { deepCopy, syncSwitch } from "./gitops.ts";

const syncMs = 3_000;

/** Self-heal of Argo CD, or a Flux Kustomization: what is in git comes back. */
export const gitopsRestoresSource: Scenario = {
  name: "gitops-restores-source",
  summary:
    "Argo CD owns the old CNI and creates its DaemonSet again whenever it is gone, until its Application is deleted",
  answer:
    "Warns in preflight; after the removal it removes the DaemonSet again, three times, cleans the nodes again, and then stops with who brings it back.",
  options:
    "Take the old CNI out of git, or suspend the Application, and retry. The run does not end before it is gone; waiting loses nothing.",
  begin({ store, clock, source }) {
    const isOn = syncSwitch(store);
    const { namespace: home, name: daemon } = source.daemonSet;
    const tracked = { "argocd.argoproj.io/tracking-id": `${source.name}:apps/DaemonSet:${home}/${daemon}` };
    const mark = (copy: KubeObject) => {
      copy.metadata.annotations = { ...copy.metadata.annotations, ...tracked };
    };
    store.change("apps/daemonsets", home, daemon, mark);
    const wanted = ["namespaces", "serviceaccounts", "configmaps", "apps/daemonsets"].flatMap((kind) =>
      store
        .list<KubeObject>(kind)
        .filter(({ metadata }) => metadata.name === home || metadata.namespace === home)
        .map((object) => [kind, deepCopy(object)] as const),
    );
    clock.every(syncMs, () => {
      if (!isOn() || store.get("apps/daemonsets", home, daemon)) return;
      for (const [kind, object] of wanted) {
        const { namespace = null, name } = object.metadata;
        const found = store.get(kind, namespace, name);
        // What is still going is applied at the next sync.
        if (found?.metadata.deletionTimestamp) return;
        if (!found) store.create(kind, deepCopy(object), { manager: "argocd-controller" });
      }
    });
  },
};

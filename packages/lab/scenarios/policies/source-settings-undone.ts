import type { KubeObject } from "../../objects.ts";
import { isOnCilium, onFirstNode } from "../nodes/first-node.ts";
import type { Scenario } from "../scenario.ts";

interface Daemon extends KubeObject {
  spec: { template: { spec: { containers: { name: string; env?: unknown[] }[] } } };
}

/** Somebody applies the manifest from git once more, in mid-run. */
export const sourceSettingsUndone: Scenario = {
  name: "source-settings-undone",
  summary:
    "as soon as Cilium is enabled on the first node, another user sets the environment of the old CNI's DaemonSet back to what it was before the migration",
  answer:
    "Goes on where the old CNI does not need what was changed; otherwise names the setting, and how to put it right, before the next node is touched.",
  options: "Keep a setting that the plan changes in the manifest in git as well; otherwise nothing.",
  begin(stage) {
    const { store, source } = stage;
    const { namespace, name } = source.daemonSet;
    const containers = (daemon: Daemon) => daemon.spec.template.spec.containers;
    const now = store.get<Daemon>("apps/daemonsets", namespace, name);
    if (!now) return;
    const before = new Map(containers(now).map((each) => [each.name, structuredClone(each.env)]));
    onFirstNode(stage, isOnCilium, () => {
      store.change<Daemon>("apps/daemonsets", namespace, name, (copy) => {
        for (const container of containers(copy)) {
          const env = before.get(container.name);
          if (env) container.env = structuredClone(env);
          else delete container.env;
        }
      });
    });
  },
};

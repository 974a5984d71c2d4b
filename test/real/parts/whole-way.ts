import type { Part } from "../part.ts";
import { afterRemoval, type OldCni, unsaidRemnants } from "../snapshot/documented-leftovers.ts";
import type { TestBed } from "../test-bed.ts";
import { compareAll, lookAtAll } from "./there-and-back.ts";

/** The old CNI's DaemonSet: whose it is, and where. */
export async function oldCni(bed: TestBed): Promise<{ readonly cni: OldCni; readonly namespace: string }> {
  const all = (await bed.kubectl("get", "daemonsets", "-A", "--no-headers")).split("\n");
  const found = all.find((line) => /flannel|calico-node|canal/.test(line));
  if (found === undefined) throw new Error(`no DaemonSet of Flannel or Calico:\n${all.join("\n")}`);
  const [namespace = ""] = found.split(/\s+/);
  return { cni: /flannel/.test(found) ? "Flannel" : "Calico", namespace };
}

/** Objects of somebody else, of kinds that no list of ours names. */
const foreign = (namespace: string): readonly object[] => [
  { apiVersion: "v1", kind: "Secret", metadata: { name: "someone-elses", namespace }, stringData: { key: "value" } },
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "someone-elses", namespace }, data: { key: "value" } },
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "someone-elses", namespace },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
  },
];

/** To the end, past the point of no return: nothing else can follow it on this cluster. */
export const wholeWay: Part = {
  name: "whole-way",
  summary:
    "as the ServiceAccount of stage finalize: the whole migration and the removal of the old CNI, whose namespace holds others' objects; the last part",
  async run(bed) {
    const { tally } = bed;
    const { cni, namespace } = await oldCni(bed);
    if (namespace !== "kube-system") await bed.apply(foreign(namespace));
    const before = await lookAtAll(bed);
    const kubeconfig = await bed.kubeconfigOf("finalize");
    const plan = await bed.crossfade(["plan", ...bed.options.flags], { kubeconfig });
    if (namespace !== "kube-system")
      tally.check("the plan names the foreign objects", /someone-elses/.test(plan.out), plan.out);
    const began = Date.now();
    const engine = bed.migrate("nodes,finalize,remove-source", { kubeconfig });
    const code = await engine.end(3_600_000);
    tally.check(
      `migrated in ${Math.round((Date.now() - began) / 1000)} s (0)`,
      code === 0,
      `${engine.complaints}\n${engine.last()}`,
    );
    for (const event of engine.events) {
      if (event.type === "run-step-finished") tally.say(`   ${event.step}: ${Math.round(event.tookMs / 1000)} s`);
    }
    await bed.podsReady("on Cilium alone");
    if (namespace !== "kube-system") {
      const left = await bed.kubectl("-n", namespace, "get", "secret,configmap,pvc", "-o", "name").catch(() => "");
      const all = ["secret/", "configmap/", "persistentvolumeclaim/"].every((kind) =>
        left.includes(`${kind}someone-elses`),
      );
      tally.check(`namespace ${namespace} stays with the foreign objects`, all, left);
    }
    const report = await bed.crossfade(["report"]);
    tally.check("crossfade report tells of it", report.code === 0, report.err);
    for (const [place, after] of await compareAll(bed, before, afterRemoval)) {
      const left = unsaidRemnants(after, cni);
      tally.check(`${place}: nothing of ${cni} is left that the pages do not name`, left.length === 0, left.join("\n"));
    }
  },
};

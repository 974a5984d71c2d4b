import { run } from "../command.ts";
import type { Part } from "../part.ts";
import type { TestBed } from "../test-bed.ts";

const mayI = async (kubeconfig: string, ...what: readonly string[]): Promise<string> =>
  (await run(["kubectl", "auth", "can-i", ...what], { env: { KUBECONFIG: kubeconfig } })).out.trim();

async function lookingOn(bed: TestBed): Promise<void> {
  const { tally } = bed;
  const watch = await bed.kubeconfigOf("watch");
  const status = await bed.crossfade(["status"], { kubeconfig: watch });
  // 3 is that of a paused run.
  tally.check("watch: status works", status.code === 0 || status.code === 3, status.err + status.out);
  tally.check("watch: no Secret can be read", (await mayI(watch, "get", "secrets", "-A")) === "no");
  tally.check("watch: no node can be changed", (await mayI(watch, "patch", "nodes")) === "no");
  const preflight = await bed.crossfade(["preflight", ...bed.options.flags], { kubeconfig: watch });
  tally.check("watch: preflight does not pass", preflight.code !== 0, preflight.out);
  const ask = await bed.kubeconfigOf("ask");
  tally.check(
    "ask: the list of requests can be patched",
    (await mayI(ask, "patch", "configmaps/observers", "-n", "crossfade")) === "yes",
  );
  tally.check("ask: the record cannot", (await mayI(ask, "patch", "configmaps/migration", "-n", "crossfade")) === "no");
}

async function preflightOf(bed: TestBed, stage: "run" | "finalize"): Promise<void> {
  const kubeconfig = await bed.kubeconfigOf(stage);
  const { code, out, err } = await bed.crossfade(["preflight", ...bed.options.flags], { kubeconfig });
  bed.tally.check(`${stage}: preflight lets it pass`, code === 0, `${out}\n${err}`);
  bed.tally.check(`${stage}: no right is missing`, !/rights? (is|are) missing/.test(out), out);
  const escalate = await mayI(kubeconfig, "escalate", "clusterroles.rbac.authorization.k8s.io");
  bed.tally.check(`${stage}: it may create what the chart's roles hold`, escalate === "yes", escalate);
}

/** What `crossfade rbac` prints, asked of the real authorizer. That it is enough is shown by the parts that migrate with it. */
export const roles: Part = {
  name: "roles",
  summary: "the role of every stage: what it lets through, what it does not, and preflight under it",
  async run(bed) {
    await lookingOn(bed);
    await preflightOf(bed, "run");
    await preflightOf(bed, "finalize");
  },
};

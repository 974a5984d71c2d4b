import { run } from "../command.ts";
import type { Part } from "../part.ts";
import type { TestBed } from "../test-bed.ts";

const mayI = async (kubeconfig: string, ...what: readonly string[]): Promise<string> =>
  (await run(["kubectl", "auth", "can-i", ...what], { env: { KUBECONFIG: kubeconfig } })).out.trim();

async function lookingOn(bed: TestBed): Promise<void> {
  const { tally } = bed;
  const view = await bed.kubeconfigOf("view");
  const status = await bed.crossfade(["status"], { kubeconfig: view });
  // 3 is that of a paused run.
  tally.check("view: status works", status.code === 0 || status.code === 3, status.err + status.out);
  tally.check("view: no Secret can be read", (await mayI(view, "get", "secrets", "-A")) === "no");
  tally.check("view: no node can be changed", (await mayI(view, "patch", "nodes")) === "no");
  const preflight = await bed.crossfade(["preflight", ...bed.options.flags], { kubeconfig: view });
  tally.check("view: preflight does not pass", preflight.code !== 0, preflight.out);
  const request = await bed.kubeconfigOf("request");
  tally.check(
    "request: the list of requests can be patched",
    (await mayI(request, "patch", "configmaps/observers", "-n", "crossfade")) === "yes",
  );
  tally.check(
    "request: the record cannot",
    (await mayI(request, "patch", "configmaps/migration", "-n", "crossfade")) === "no",
  );
}

async function preflightOf(bed: TestBed, stage: "operate" | "finalize"): Promise<void> {
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
    await preflightOf(bed, "operate");
    await preflightOf(bed, "finalize");
  },
};

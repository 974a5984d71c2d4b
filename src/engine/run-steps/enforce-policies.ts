import { agentDaemonSet } from "../model/cilium-names.ts";
import { note } from "../model/notes/note.ts";
import { done } from "../model/observation.ts";
import type { RunScope, RunStep } from "../model/step.ts";
import { deploy, deployedWith } from "../observe/deployed-with.ts";
import { nothingToEnforce, wantedMode } from "../observe/policies/enforcement.ts";
import { rolledOut, tokenOf } from "../observe/rolled-out.ts";

const agents = ({ ports, plan }: RunScope) => ports.workloads.get("DaemonSet", plan.cilium.namespace, agentDaemonSet);

/**
 * Puts policies in force, once all of the cluster is on Cilium and was checked, and nothing else with them. Where there was none to
 * enforce the values came with the upgrade, the agents have read them, and nothing is left to do.
 */
export const enforcePolicies: RunStep = {
  id: "enforce-policies",
  timeoutMs: 60 * 60_000,
  async observe(scope) {
    const { plan, log } = scope;
    const values = await deployedWith(scope, plan.values.final);
    if (!values.done) return values;
    if (wantedMode(plan) === "never") {
      log("info", note("enforcement-not-wanted", {}));
      return done;
    }
    const restarted = await rolledOut(scope, await agents(scope), tokenOf(scope), agentDaemonSet);
    if (!restarted.done) return restarted;
    const mode = wantedMode(plan);
    log("info", (await nothingToEnforce(scope)) ? note("no-policies", { mode }) : note("policies-enforced", { mode }));
    return done;
  },
  async apply(scope) {
    const { ports, plan } = scope;
    const values = await deployedWith(scope, plan.values.final);
    if (!values.done) return deploy(scope, plan.values.final);
    await ports.workloads.restart("DaemonSet", plan.cilium.namespace, agentDaemonSet, tokenOf(scope));
  },
  rollback: ["rollback-enforce-policies"],
};

import type { RollbackStepId, StepId } from "../engine/model/node-state.ts";
import type { SourceStepId } from "../engine/model/plan/source-steps.ts";
import type { RollbackRunStepId, RunStepId } from "../engine/model/plan-types.ts";
import { type RunStepWords, type StepWords, sourceStepWords } from "./source-step-titles.ts";

/** The product's own steps: those of a source have their words by source. */
type Known<Id extends string> = Exclude<Id, SourceStepId>;

/** The steps of a node's migration and of its rollback. */
const nodeStepWords: Readonly<Record<Known<StepId | RollbackStepId>, StepWords>> = {
  precheck: { title: "Precheck", purpose: "checks that it can start" },
  cordon: { title: "Cordon", purpose: "keeps new pods away" },
  drain: { title: "Drain", purpose: "evicts the node's pods" },
  "enable-cilium": { title: "Enable Cilium", purpose: "labels the node for Cilium" },
  "restart-agent": { title: "Restart agent", purpose: "Cilium takes the node over" },
  reboot: { title: "Reboot", purpose: "by the plan's method" },
  "wait-ready": { title: "Wait for Ready", purpose: "node and agent are back" },
  "recycle-pods": { title: "Recycle pods", purpose: "replaces pods with old IPs" },
  verify: { title: "Verify", purpose: "on Cilium, traffic passes" },
  uncordon: { title: "Uncordon", purpose: "lets pods return" },
  soak: { title: "Soak", purpose: "watches before moving on" },
  "rollback-cordon": { title: "Cordon", purpose: "keeps new pods away" },
  "rollback-drain": { title: "Drain", purpose: "evicts pods with new IPs" },
  "rollback-label": { title: "Disable Cilium", purpose: "removes the node's label" },
  "rollback-agent": { title: "Restart agent", purpose: "Cilium lets the node go" },
  "rollback-files": { title: "Restore CNI files", purpose: "as they were recorded" },
  "rollback-source": { title: "Restart old CNI", purpose: "writes its configuration" },
  "rollback-recycle": { title: "Recycle pods", purpose: "replaces pods with new IPs" },
  "rollback-verify": { title: "Verify", purpose: "on old CNI, traffic passes" },
  "rollback-uncordon": { title: "Uncordon", purpose: "unless cordoned before" },
};

/** The steps of the whole run and of its rollback. */
const runStepWords: Readonly<Record<Known<RunStepId | RollbackRunStepId>, RunStepWords>> = {
  prepare: {
    title: "Prepare",
    purpose: "puts a probe on every node and takes the traffic baseline",
    doing: "preparing: probes and baseline",
  },
  install: {
    title: "Install Cilium",
    purpose: "in secondary mode, beside {source}",
    doing: "installing Cilium beside {source}",
  },
  "verify-install": {
    title: "Verify install",
    purpose: "Cilium manages no node yet, and its overlay is whole",
    doing: "verifying that Cilium manages no node yet",
  },
  "node-config": {
    title: "Create CiliumNodeConfig",
    purpose: "selects nodes by label; none has it yet",
    doing: "creating the CiliumNodeConfig",
  },
  nodes: { title: "Migrate nodes", purpose: "one at a time", doing: "migrating nodes" },
  upgrade: {
    title: "Finalize: make Cilium the default CNI",
    purpose: "applies the final Helm values",
    doing: "making Cilium the default CNI",
  },
  "restart-agents": {
    title: "Finalize: restart agents",
    purpose: "they read the final values only at start",
    doing: "restarting the Cilium agents",
  },
  "restart-operator": {
    title: "Finalize: restart operator",
    purpose: "it reads the final values only at start",
    doing: "restarting the Cilium operator",
  },
  check: {
    title: "Check cluster",
    purpose: "every node and pod is on Cilium",
    doing: "checking the whole cluster",
  },
  "enforce-policies": {
    title: "Enforce policies",
    purpose: "once all is on Cilium; nothing else changes with it",
    doing: "enforcing policies",
  },
  "watch-drops": {
    title: "Watch policy drops",
    purpose: "holds on refusals that no policy explains",
    doing: "watching what policies refuse",
  },
  "remove-node-config": {
    title: "Finalize: remove CiliumNodeConfig",
    purpose: "and the migration's node labels",
    doing: "removing the CiliumNodeConfig",
  },
  "save-source": {
    title: "Save {source}",
    purpose: "its objects as YAML beside the journal, read back before the first is deleted",
    doing: "saving {source}'s objects",
  },
  "remove-source": {
    title: "Remove {source}",
    purpose: "the point of no return",
    doing: "removing {source}",
  },
  "clean-nodes": {
    title: "Clean nodes",
    purpose: "removes what {source} left on them",
    doing: "cleaning the nodes",
  },
  report: {
    title: "Report",
    purpose: "removes our probes and closes the record",
    doing: "writing the report",
  },
  "rollback-enforce-policies": {
    title: "Stop enforcing policies",
    purpose: "before a pod is on {source} again",
    doing: "taking policies out of force",
  },
  "rollback-upgrade": {
    title: "Restore hybrid values",
    purpose: "Cilium manages labelled nodes only",
    doing: "restoring Cilium's hybrid values",
  },
  "rollback-nodes": {
    title: "Roll back nodes",
    purpose: "one at a time, the last migrated first",
    doing: "rolling nodes back to {source}",
  },
  "rollback-node-config": {
    title: "Remove CiliumNodeConfig",
    purpose: "and the migration's node labels",
    doing: "removing the CiliumNodeConfig",
  },
  "rollback-install": { title: "Uninstall Cilium", purpose: "the Helm release", doing: "uninstalling Cilium" },
  "rollback-clean": {
    title: "Clean nodes",
    purpose: "removes what Cilium left on them",
    doing: "cleaning the nodes",
  },
  "rollback-report": {
    title: "Report",
    purpose: "removes our probes and closes the record",
    doing: "writing the report",
  },
};

/** A title or what is being done, with the old CNI's name in it. */
export const withSource = (text: string, source: string): string => text.replaceAll("{source}", source);

/** What a step of a node's migration, or of its rollback, is called. */
export const nodeStepTitles = (id: StepId | RollbackStepId): StepWords =>
  Object.hasOwn(nodeStepWords, id) ? nodeStepWords[id as Known<StepId | RollbackStepId>] : sourceStepWords(id);

/** What a step of the run, or of its rollback, is called. */
export const runStepTitles = (id: RunStepId | RollbackRunStepId): RunStepWords =>
  Object.hasOwn(runStepWords, id) ? runStepWords[id as Known<RunStepId | RollbackRunStepId>] : sourceStepWords(id);

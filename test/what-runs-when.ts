/** Paths below the repository's root: a folder's ends in a slash. */
type Paths = readonly string[];

/** `npm run check`: tables and frames, which start no lab, no server and no terminal. Slow ones are `nightly` all the same. */
export const check: Paths = [
  "test/architecture.test.ts",
  "test/components/",
  "test/docs/",
  "test/engine/decide/",
  "test/engine/drain/",
  "test/engine/model/",
  "test/engine/net/",
  "test/engine/observe/",
  "test/engine/observers/",
  "test/engine/plan/",
  "test/engine/preflight/",
  "test/engine/probes/",
  "test/engine/rollback-steps/",
  "test/engine/run/",
  "test/engine/run-steps/",
  "test/engine/sources/",
  "test/engine/steps/",
  "test/engine/values/",
  "test/frames/frames.test.ts",
  "test/frames/recorded.test.ts",
  "test/store/",
  "test/words/",
];

/**
 * Tests of the lab itself and of the contract that holds it against real servers: they need no run while the lab is as it
 * was when they passed last. `packages/lab/tested.json` says how it was then.
 */
export const ofTheLab: Paths = ["packages/lab/test/", "test/contract/"];

/** Too long for `npm test`: they run in `npm run nightly`. Each with what guards its kind in `npm test`. */
export const nightly: Readonly<Record<string, Paths>> = {
  "test/chaos/bad-api/": ["test/kube/client/", "test/kube/watch/", "test/engine/on-the-lab/waiting.test.ts"],
  "test/chaos/lease/": ["test/kube/lease/", "test/engine/on-the-lab/taken-up.test.ts"],
  "test/chaos/rights/": ["test/commands/rbac.test.ts", "test/kube/client/granted.test.ts"],
  "test/chaos/scenarios/": ["test/engine/decide/", "test/journeys/scenarios.test.ts"],
  "test/chaos/sigkill/": ["test/engine/on-the-lab/taken-up.test.ts"],
  "test/chaos/signals/": ["test/commands/headless/headless-signals.test.ts"],
  "test/commands/canaries.test.ts": ["test/engine/model/known-secrets.test.ts", "test/kube/client/redact.test.ts"],
  "test/commands/login-in-mid-run.test.ts": ["test/kube/auth/"],
  "test/commands/policies-apply.test.ts": ["test/engine/policies/", "test/commands/policies.test.ts"],
  "test/commands/policies-try.test.ts": ["test/engine/policies/", "test/kube/nodes/policy-settings.test.ts"],
  "test/commands/way-on-failures.test.ts": ["test/commands/way-on.test.ts", "test/commands/headless/"],
  "test/engine/on-the-lab/admission.test.ts": ["test/engine/drain/evict.test.ts", "test/kube/records/"],
  "test/engine/on-the-lab/another-source.test.ts": ["test/engine/sources/", "test/engine/on-the-lab/whole-way.test.ts"],
  "test/engine/on-the-lab/broken-paths.test.ts": ["test/engine/probes/", "test/engine/decide/"],
  "test/engine/on-the-lab/cni-folder.test.ts": ["test/engine/observe/", "test/engine/on-the-lab/rollback.test.ts"],
  "test/engine/on-the-lab/flannel-in-full.test.ts": [
    "test/engine/sources/",
    "test/engine/on-the-lab/whole-way.test.ts",
  ],
  "test/engine/on-the-lab/operators.test.ts": ["test/engine/drain/", "test/engine/preflight/"],
  "test/engine/on-the-lab/scenarios/": ["test/engine/decide/", "test/engine/steps/", "test/journeys/scenarios.test.ts"],
  "test/engine/on-the-lab/start-troubles.test.ts": ["test/engine/observe/start-trouble.test.ts"],
  "test/engine/on-the-lab/stop-and-go.test.ts": ["test/engine/on-the-lab/taken-up.test.ts"],
  "test/engine/on-the-lab/rollback-from-every-step.test.ts": [
    "test/engine/decide/",
    "test/engine/on-the-lab/rollback.test.ts",
  ],
  "test/engine/on-the-lab/trouble.test.ts": [
    "test/kube/client/",
    "test/engine/run/",
    "test/engine/on-the-lab/waiting.test.ts",
  ],
  "test/engine/on-the-lab/virtual-node.test.ts": ["test/engine/plan/taking-part.test.ts"],
  "test/engine/on-the-lab/whole-way-in-other-ways.test.ts": ["test/engine/on-the-lab/whole-way.test.ts"],
  "test/kube/prober/over-namespaces.test.ts": ["test/kube/prober/over-loopback.test.ts"],
  "test/journeys/a-build-under-a-run.test.ts": ["test/scripts/builds.test.ts"],
  "test/journeys/a-failed-node.test.ts": ["test/journeys/scenarios.test.ts"],
  "test/journeys/a-full-disk.test.ts": ["test/journal/"],
  "test/journeys/a-panel-goes-away.test.ts": ["test/screen/pty.test.ts", "test/runner/socket.test.ts"],
  "test/journeys/a-pod-that-stays.test.ts": ["test/engine/drain/stopping.test.ts"],
  "test/journeys/a-terminal-that-stalls.test.ts": ["test/screen/"],
  "test/journeys/forged-record.test.ts": ["test/commands/forged-record.test.ts", "test/frames/agreement.test.ts"],
  "test/journeys/from-a-third-terminal.test.ts": ["test/engine/on-the-lab/ask-runner.test.ts"],
  "test/journeys/leave-a-node-out.test.ts": ["test/engine/decide/", "test/store/"],
  "test/journeys/leave-and-come-back.test.ts": ["test/commands/nothing-under-way.test.ts", "test/store/"],
  "test/journeys/misbehaving-nodes.test.ts": ["test/journeys/scenarios.test.ts", "test/engine/decide/"],
  "test/journeys/pause-in-mid-drain.test.ts": ["test/engine/on-the-lab/waiting.test.ts"],
  "test/journeys/scenarios-of-nodes.test.ts": ["test/journeys/scenarios.test.ts", "test/engine/preflight/"],
  "test/journeys/scenarios-of-policies.test.ts": ["test/journeys/scenarios.test.ts", "test/engine/preflight/"],
  "test/journeys/scenarios-of-workloads.test.ts": ["test/journeys/scenarios.test.ts", "test/engine/preflight/"],
  "test/journeys/signals.test.ts": ["test/screen/pty.test.ts", "test/commands/headless/headless-signals.test.ts"],
  "test/journeys/rollback-all.test.ts": [
    "test/engine/on-the-lab/rollback.test.ts",
    "test/journeys/rollback-asks.test.ts",
    "test/store/dialogs/",
  ],
  "test/journeys/rollback-and-again.test.ts": [
    "test/engine/on-the-lab/rollback.test.ts",
    "test/journeys/rollback-asks.test.ts",
  ],
  "test/journeys/wrong-answers.test.ts": ["test/store/dialogs/", "test/store/keys/"],
};

import { expect } from "vitest";
import { Journey } from "../panel/journey.ts";
import type { Terminal } from "../panel/terminal.ts";
import { finalize, moveTheNodes, removeFlannel } from "./consents.ts";

/** What an operator sees of a scenario in `crossfade demo --scenario NAME`, from the plan on. */
export interface Story {
  readonly name: string;
  readonly flags?: readonly string[];
  /** What the plan says of it before anything is touched. */
  readonly plan?: RegExp;
  /** What the screen says of it, one after the other. */
  readonly sees?: readonly RegExp[];
  readonly ends: (panel: Terminal) => Promise<void>;
}

const options = [
  "Leave it as it is",
  "Retry from the step that failed",
  "Roll back to the old CNI",
  "Skip: roll it back",
];

/** Wherever the cursor is: `!` brings it to the node that failed or is worked on. */
async function openOptions(panel: Terminal, why: "failed" | "waits for", node = "worker-1"): Promise<void> {
  panel.press("!");
  await panel.until(new RegExp(`❯ +\\S+ \\S+ +${node} `));
  panel.press("o");
  await panel.dialog(`─ ${node} ${why}`);
}

/** A node failed, and `o` shows what can be done about it. */
const failedOn =
  (node: string, why: RegExp, ...more: readonly string[]) =>
  async (panel: Terminal) => {
    await panel.until(new RegExp(`failed +${node}`));
    await panel.until(" WAITING ");
    await openOptions(panel, "failed", node);
    for (const option of [...options, ...more]) expect(panel.text()).toContain(option);
    expect(panel.text().replace(/[│\s]+/g, " ")).toMatch(why);
    panel.press("esc");
    await panel.until((screen) => !screen.includes("Leave it as it is"));
  };

const failed = (why: RegExp, ...more: readonly string[]) => failedOn("worker-1", why, ...more);

/** The run goes on by itself. */
const moved =
  (node = "worker-1") =>
  async (panel: Terminal) =>
    void (await panel.until(new RegExp(`✓ migrated +${node}`)));

/** worker-1 holds, and `o` shows what can be done meanwhile. */
async function canBeRolledBack(panel: Terminal): Promise<void> {
  await openOptions(panel, "waits for");
  expect(panel.text()).toContain("Roll back to the old CNI");
  panel.press("esc");
}

/** The run does not begin. */
async function refused(panel: Terminal): Promise<void> {
  panel.press("m");
  await panel.until(/blocker/);
  expect(panel.text()).not.toContain("Move the nodes");
}

/** All are the cluster's time: short is only what a story waits for in vain, or a busy machine fails on the way there. */
const once = ["--retries", "0"];
const shortDrain = ["--drain-timeout", "4s", ...once];
const shortReboot = ["--reboot-timeout", "6s", ...once];
const restarted = "It was restarted: go on without a new bootID";

export const storiesOfNodes: readonly Story[] = [
  { name: "node-never-returns", flags: shortReboot, ends: failed(/its kubelet is silent since/, restarted) },
  { name: "node-back-same-boot", ends: failed(/worker-1 went down and came back with the same bootID/, restarted) },
  {
    name: "node-back-not-ready",
    flags: shortReboot,
    sees: [/KubeletNotReady: \[container runtime is down\]/],
    ends: failed(/container runtime is down/),
  },
  { name: "node-back-new-address", sees: [/worker-1 came back under another address/], ends: moved() },
  {
    name: "node-vanishes",
    flags: ["--nodes", "4"],
    sees: [/worker-1 left the cluster and is let go/],
    ends: moved("worker-2"),
  },
  { name: "agent-crash-loops", flags: once, ends: failed(/crash-loops \(\d+ restarts\): exit code 1/) },
  {
    name: "cni-file-lost",
    sees: [
      /worker-1 waits for 05-cilium\.conflist on worker-1: its agent says that it wrote it, and the node has 10-flannel/,
    ],
    ends: canBeRolledBack,
  },
  {
    name: "old-address-again",
    flags: once,
    ends: failed(/from the old range again, though it was recreated 2 times/),
  },
  { name: "api-away-in-reboot", sees: [/the API server: stale/], ends: moved("control-plane-1") },
  { name: "exec-slow", sees: [/not measured/], ends: moved() },
  { name: "uncordoned-in-mid-move", sees: [/worker-1 was uncordoned while/], ends: moved() },
  {
    name: "uncordoned-for-ever",
    sees: [/worker-1 was uncordoned while/],
    ends: moved(),
  },
  {
    name: "cordoned-by-others",
    flags: ["--nodes", "4"],
    ends: async (panel) => {
      await moved("worker-2")(panel);
      await panel.until(/worker-2 was cordoned as soon as it was uncordoned/);
    },
  },
  { name: "node-joins", sees: [/worker-3 joined the cluster and is taken in/], ends: moved("worker-3") },
  {
    name: "node-joins-late",
    ends: async (panel) => {
      await finalize(panel);
      await panel.until(/worker-3 joined the cluster and is taken in/);
      await moved("worker-3")(panel);
    },
  },
  {
    name: "gitops-restores-source",
    plan: /Argo CD/,
    ends: async (panel) => {
      await finalize(panel);
      await removeFlannel(panel, /brings DaemonSet kube-flannel\/kube-flannel-ds back after it was removed/);
    },
  },
  {
    name: "gitops-prunes-node-config",
    flags: once,
    ends: async (panel) => {
      await panel.until(/Failed: \S+: something deletes or changes CiliumNodeConfig kube-system\/cilium-default again/);
      await panel.until(/failed +(worker|control-plane)-\d/);
    },
  },
];

export const storiesOfWorkloads: readonly Story[] = [
  {
    name: "budget-allows-none",
    flags: shortDrain,
    sees: [/worker-1 waits for shop\/invoices-\S+: PodDisruptionBudget invoices allows 0 of 2/],
    ends: failed(/still waits for shop\/invoices-/),
  },
  {
    name: "budgets-overlap",
    flags: shortDrain,
    sees: [/This pod has more than one PodDisruptionBudget/],
    ends: failed(/still waits for shop\/cache-/),
  },
  {
    name: "eviction-denied",
    sees: [
      /worker-1 waits for shop\/broker-\S+: admission webhook "drain-cleaner\.operators\.example" denied the request/,
    ],
    ends: moved(),
  },
  {
    name: "eviction-webhook-down",
    flags: shortDrain,
    // With so many pods that they guard on worker-1, worker-2 is the first to be moved, and has some too.
    sees: [/worker-2 waits for shop\/guarded-\S+: failed calling webhook "evictions\.policy\.example"/],
    ends: failedOn("worker-2", /still waits for shop\/guarded-/),
  },
  { name: "bare-pod", plan: /1 pod has no controller: shop\/debug/, ends: refused },
  {
    name: "data-in-empty-dir",
    plan: /1 pod keeps data in an emptyDir, which an eviction deletes: shop\/uploads-/,
    ends: refused,
  },
  {
    name: "local-volume",
    plan: /1 pod fits one node only, and is down until that node is back: shop\/ledger-0/,
    ends: moved(),
  },
  {
    name: "pod-kept-by-finalizer",
    plan: /1 pod may outlast a drain: shop\/archive-/,
    sees: [/deleted but kept by its finalizer example\.com\/archive/],
    ends: canBeRolledBack,
  },
  {
    name: "pod-ignores-sigterm",
    sees: [/1 pod to leave: shop\/stubborn-\S+ \(may take 300 s to stop\)/],
    ends: canBeRolledBack,
  },
  {
    name: "kubelet-silent-in-drain",
    flags: shortDrain,
    sees: [/worker-1 waits for .*the kubelet of worker-1 is silent/],
    ends: failed(/the kubelet of worker-1 is silent/),
  },
  { name: "job-at-work", plan: /1 pod of Jobs is evicted and restarts elsewhere/, ends: moved() },
  { name: "no-room-elsewhere", plan: /The other nodes have no room for the pods of worker-1/, ends: moved() },
  {
    name: "agent-needs-old-cni",
    plan: /1 workload mounts CNI directories of its node/,
    sees: [/worker-1 waits for shop\/net-accounting-\S+ to be Ready again/],
    ends: canBeRolledBack,
  },
];

export const storiesOfPolicies: readonly Story[] = [
  { name: "network-policies", ends: moved() },
  {
    // Until its time is up, which takes longer than a person looks: that it fails then is test/engine/on-the-lab's.
    name: "tunnel-dropped",
    sees: [/worker-1 waits for traffic to pass: \S+ → worker-1/],
    ends: canBeRolledBack,
  },
  { name: "source-settings-undone", ends: moved() },
  { name: "operator-away-in-removal", ends: moved() },
];

/** Played by every `npm test`: a node that fails, a budget that blocks, a controller that brings the old CNI back. */
const always: readonly string[] = ["node-never-returns", "budget-allows-none", "gitops-restores-source"];
const isAlwaysPlayed = ({ name }: Story): boolean => always.includes(name);

export const alwaysPlayed = [...storiesOfNodes, ...storiesOfWorkloads, ...storiesOfPolicies].filter(isAlwaysPlayed);
export const nightly = (stories: readonly Story[]): readonly Story[] => stories.filter((one) => !isAlwaysPlayed(one));

/** One of them, in a terminal of its own. */
export async function play({ name, flags = [], plan, sees = [], ends }: Story): Promise<void> {
  const journey = new Journey();
  const argv = ["demo", "--scenario", name, "--speed", "40", "--seed", "7", "--pods", "12", "--soak", "0", ...flags];
  // So wide that no line of the log is wrapped.
  const panel = journey.terminal(argv, { columns: 300, rows: 45 });
  if (plan) await panel.until(plan);
  if (ends !== refused) await moveTheNodes(panel);
  for (const sight of sees) await panel.until(sight);
  await ends(panel);
}

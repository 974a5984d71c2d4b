import { expect, test } from "vitest";
import type { PodFacts, PodRef } from "../../../src/engine/model/facts.ts";
import type { Before } from "../../../src/engine/model/node-state.ts";
import type { Observation } from "../../../src/engine/model/observation.ts";
import type { RebootMethod } from "../../../src/engine/model/plan-types.ts";
import type { AgentPod, AgentStatus } from "../../../src/engine/model/ports/cilium.ts";
import type { NodeScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { reboot } from "../../../src/engine/steps/reboot.ts";
import { restartAgent } from "../../../src/engine/steps/restart-agent.ts";
import { waitReady } from "../../../src/engine/steps/wait-ready.ts";
import { aNode, aPod } from "../../support/facts.ts";
import { inWords, said } from "../../support/said.ts";

const node = "worker-1";
const kind: RebootMethod = { method: "kind" };
const byPod: RebootMethod = { method: "privileged-pod", image: "i" };
const known: Before = { at: 0, cordoned: false, bootId: "boot-1", cniFiles: [], agentUid: "u1", agentRestarts: 2 };

interface Case {
  readonly method?: RebootMethod;
  readonly agent?: Partial<AgentPod> & { readonly uid?: string };
  readonly noAgent?: boolean;
  readonly asked?: Before["rebootAsked"];
  readonly bootId?: string;
  readonly pods?: readonly PodFacts[];
  readonly again?: boolean;
  readonly status?: Partial<AgentStatus>;
  readonly files?: readonly string[];
  readonly now?: number;
}

const fine: AgentStatus = {
  podUid: "u1",
  state: "Ok",
  cniFile: "Ok",
  cniFileMessage: "",
  configSources: "",
  writesCniConf: true,
};

/** A cordoned node with its agent, and what was asked of it. */
function scopeOf(given: Case) {
  const { method = kind, bootId = "boot-1", pods = [], status = {}, asked } = given;
  const { uid = "u1", ...agent } = given.agent ?? {};
  const ref: PodRef = { namespace: "kube-system", name: `cilium-${uid}`, uid };
  const here = {
    node,
    ref,
    ready: true,
    createdAt: 0,
    waitingReason: "",
    notStarted: "",
    restarts: 2,
    lastFailure: "",
    failedAt: null,
  };
  const deleted: string[] = [];
  const remembered: Before[] = [];
  const rebooted: string[] = [];
  const ports = {
    clock: { now: () => given.now ?? 1_000 },
    nodes: { get: () => Promise.resolve(aNode(node, { bootId, cordoned: true })) },
    cilium: {
      agents: () => Promise.resolve(given.noAgent ? [] : [{ ...here, ...agent }]),
      agentStatus: () => Promise.resolve({ ...fine, podUid: uid, ...status }),
      servedNodeConfigVersion: () => Promise.resolve("v2"),
      nodeConfigs: () => Promise.resolve([]),
      applyNodeConfig: () => Promise.resolve(),
    },
    pods: {
      on: () => Promise.resolve(pods),
      onFresh: () => Promise.resolve([]),
      delete: (gone: PodRef) => {
        deleted.push(gone.uid);
        return Promise.resolve();
      },
    },
    hosts: {
      cniFiles: () => Promise.resolve((given.files ?? ["05-cilium.conflist"]).map((name) => ({ name, content: "" }))),
    },
    rebooter: {
      reboot: ({ name }: { name: string }) => Promise.resolve(void rebooted.push(name)),
      tidy: () => Promise.resolve(),
    },
  };
  const scope = {
    ports,
    plan: {
      options: { reboot: method },
      source: { workloads: [], stateFolders: [] },
      cilium: { namespace: "kube-system" },
    },
    node,
    before: asked === undefined ? known : { ...known, rebootAsked: asked },
    stepSince: 0,
    again: given.again ?? false,
    declaredRebooted: false,
    memory: new StepMemory(),
    remember: (before: Before) => {
      remembered.push(before);
      return Promise.resolve();
    },
    log: () => undefined,
  };
  return { scope: scope as unknown as NodeScope, deleted, remembered, rebooted };
}

const told = (seen: Observation): string => (seen.done ? `done ${seen.note ?? ""}`.trim() : said(seen).because);

const asked = { bootId: "boot-1", at: 500, readySince: 0, agent: { uid: "u1", restarts: 2 } };

test.each<[string, Case, boolean]>([
  ["an agent that crashed before anything was asked for", {}, false],
  ["crashes before the restart was asked for", { asked }, false],
  ["its agent's containers were started again since", { asked, agent: { restarts: 3 } }, true],
  ["a pod made anew since, which says nothing", { asked, agent: { uid: "u2", restarts: 0 } }, false],
  ["a pod made anew since, started again since", { asked, agent: { uid: "u2", restarts: 1 } }, true],
  ["no agent to be seen", { asked, noAgent: true }, false],
  ["another boot, whatever its agent says", { bootId: "boot-2" }, true],
])("kind: a container's restart is told from %s", async (_what, given, proven) => {
  expect((await reboot.observe(scopeOf(given).scope)).done).toBe(proven);
});

test("what proves the restart is recorded before it is asked for", async () => {
  const { scope, remembered } = scopeOf({});
  await reboot.apply(scope);
  expect(remembered.map(({ rebootAsked }) => rebootAsked?.agent)).toEqual([{ uid: "u1", restarts: 2 }]);
});

test.each([kind, { method: "command", argv: ["reboot", "{node}"] } satisfies RebootMethod])(
  "a command that the engine before ran ($method) is told, waited for as long as it may last, and then run once more",
  async (method) => {
    const early = scopeOf({ method, asked, now: 100_500 });
    const seen = await reboot.observe(early.scope);
    expect(seen).toMatchObject({ dueInMs: 50_000 });
    expect(said(seen).because).toBe(
      "worker-1 to restart: the engine before this one ran the command for it, and may have been ended in the middle of it",
    );
    await reboot.apply(early.scope);
    expect(early.rebooted).toEqual([]);
    const late = scopeOf({ method, asked, now: 150_500 });
    expect(told(await reboot.observe(late.scope))).not.toContain("the engine before");
    await reboot.apply(late.scope);
    expect(late.rebooted).toEqual([node]);
    // Its own command is waited for as ever, and not run twice.
    expect(told(await reboot.observe(late.scope))).not.toContain("the engine before");
    await reboot.apply(late.scope);
    expect(late.rebooted).toEqual([node]);
  },
);

const cniReader: PodFacts = {
  ...aPod("shop", "net-accounting"),
  hostPaths: [{ path: "/etc/cni/net.d", writable: false }],
};
const ownProbe: PodFacts = {
  ...cniReader,
  owner: { apiVersion: "apps/v1", kind: "DaemonSet", name: "crossfade-probe", uid: "d" },
};
const hostStatic = aPod("kube-system", "etcd", { mirror: true, hostNetwork: true });
const networkedStatic = aPod("ops", "static-web", { mirror: true });

test.each<[string, Case, string]>([
  ["a reboot starts the agent anew", { method: byPod }, "done the reboot restarts it"],
  [
    "static pods of the host's network need no file",
    { method: byPod, pods: [hostStatic] },
    "done the reboot restarts it",
  ],
  ["without a reboot it is made anew", { method: { method: "none" } }, "the old agent to go"],
  [
    "a static pod with a pod address needs Cilium's file at the boot",
    { method: byPod, pods: [networkedStatic] },
    "the old agent to go",
  ],
  [
    "a pod that looks into the CNI's folders is to find no bridge that a start before the agent's would make",
    { method: byPod, pods: [cniReader] },
    "the old agent to go",
  ],
  ["our own probe looks there too", { method: byPod, pods: [ownProbe] }, "done the reboot restarts it"],
])("restart-agent: %s", async (_what, given, words) => {
  expect(told(await restartAgent.observe(scopeOf(given).scope))).toBe(words);
});

const booted = { method: byPod, bootId: "boot-2", asked } as const;

test.each<[string, Case, string]>([
  ["with the node's settings and the file", booted, "done"],
  [
    "without the node's settings",
    { ...booted, status: { writesCniConf: false } },
    "an agent that has read the CiliumNodeConfig",
  ],
  ["a pod that is not the one that answers", { ...booted, status: { podUid: "u0" } }, "the new agent to answer"],
  [
    "before it has written its file",
    { ...booted, status: { cniFile: "Failure", cniFileMessage: "not yet" } },
    "the agent on worker-1 to write its CNI configuration (Failure: not yet)",
  ],
  [
    "with its file somewhere else",
    { ...booted, files: ["10-flannel.conflist"] },
    "05-cilium.conflist on worker-1: its agent says that it wrote it, and the node has 10-flannel.conflist",
  ],
  [
    "after three crashes and the boot's own start",
    { ...booted, agent: { ready: false, restarts: 6, lastFailure: "exit code 1" } },
    "the Cilium agent on worker-1 to be Ready (3 restarts, exit code 1)",
  ],
  [
    "after one crash",
    { ...booted, agent: { ready: false, restarts: 4, lastFailure: "exit code 1" } },
    "the Cilium agent on worker-1 to be Ready (1 restart, exit code 1)",
  ],
  [
    "still starting, and its restart is the reboot that we asked for",
    { ...booted, agent: { ready: false, restarts: 3, lastFailure: "exit code 255: level=info msg=serving" } },
    "the Cilium agent on worker-1 to be Ready",
  ],
])("return: the agent is back %s", async (_what, given, words) => {
  expect(told(await waitReady.observe(scopeOf(given).scope))).toBe(words);
});

const looping = { ...booted, agent: { ready: false, restarts: 7, lastFailure: "exit code 1" } } as const;

test("return: one that crash-loops since the boot is given up, and one retry makes its pod anew", async () => {
  await expect(inWords(waitReady.observe(scopeOf(looping).scope))).rejects.toMatchObject({
    code: "AGENT_FAILED",
    message: "the Cilium agent on worker-1 crash-loops (4 restarts): exit code 1",
  });
  const { scope, deleted } = scopeOf({ ...looping, again: true });
  expect((await waitReady.observe(scope)).done).toBe(false);
  await waitReady.apply(scope);
  expect(deleted).toEqual(["u1"]);
});

test.each<[string, Case, readonly string[]]>([
  ["that serves", booted, []],
  ["without the node's settings", { ...booted, status: { writesCniConf: false } }, ["u1"]],
  ["that still starts, at a second attempt", { ...booted, again: true, agent: { ready: false, restarts: 3 } }, []],
])("return: an agent %s is made anew or left alone", async (_what, given, gone) => {
  const { scope, deleted } = scopeOf(given);
  await waitReady.apply(scope);
  expect(deleted).toEqual(gone);
});

import { expect, test } from "vitest";
import type { NodeFacts } from "../../../src/engine/model/facts.ts";
import type { Note } from "../../../src/engine/model/notes/note.ts";
import type { AgentPod, AgentStatus } from "../../../src/engine/model/ports/cilium.ts";
import type { NodeScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { waitReady } from "../../../src/engine/steps/wait-ready.ts";
import { aNode, aPod } from "../../support/facts.ts";
import { textOf } from "../../support/log-line.ts";
import { inWords, told } from "../../support/said.ts";

const ref = { namespace: "kube-system", name: "cilium-1", uid: "u1" };
const whole = { node: "worker-1", ref, ready: true, restarts: 0, lastFailure: "" } as AgentPod;
const wrote = { podUid: "u1", writesCniConf: true, cniFile: "Ok", cniFileMessage: "" } as AgentStatus;

interface Situation {
  readonly node?: Partial<NodeFacts>;
  readonly agent?: Partial<AgentPod> | null;
  readonly status?: Partial<AgentStatus>;
  readonly files?: readonly string[];
  readonly rebootPod?: boolean;
  readonly again?: boolean;
}

function situation({ node, agent = {}, status, files = ["05-cilium.conflist"], rebootPod, again }: Situation) {
  const logged: string[] = [];
  const scope = {
    node: "worker-1",
    again: again ?? false,
    before: { at: 0, cordoned: false, bootId: "one", cniFiles: [], address: "192.168.50.11" },
    memory: new StepMemory(),
    log: (_level: string, note: Note) => void logged.push(textOf({ note })),
    ports: {
      nodes: { get: () => Promise.resolve(aNode("worker-1", node)) },
      cilium: {
        agents: () => Promise.resolve(agent === null ? [] : [{ ...whole, ...agent }]),
        agentStatus: () => Promise.resolve({ ...wrote, ...status }),
      },
      hosts: { cniFiles: () => Promise.resolve(files.map((name) => ({ name, content: "" }))) },
      pods: {
        on: () => Promise.resolve([]),
        onFresh: () =>
          Promise.resolve(
            rebootPod ? [aPod("crossfade", "crossfade-reboot-1", { labels: { app: "crossfade-reboot" } })] : [],
          ),
      },
      workloads: { daemonSets: () => Promise.resolve([]) },
    },
  };
  return { scope: scope as unknown as NodeScope, logged };
}

const crashed = { ready: false, restarts: 4, lastFailure: "exit code 1: cannot allocate memory" };

test.each<[string, Situation, RegExp | null]>([
  ["is Ready, its agent too, with its file where the node looks for it", {}, null],
  [
    "is not Ready, with its kubelet's words",
    { node: { ready: false, notReadyReason: "KubeletNotReady" } },
    /KubeletNotReady/,
  ],
  ["has an agent that another pod answers for", { status: { podUid: "u0" } }, /the new agent to answer/],
  ["has an agent that found no CiliumNodeConfig", { status: { writesCniConf: false } }, /read the CiliumNodeConfig/],
  ["has an agent that could not write", { status: { cniFile: "Failed", cniFileMessage: "full" } }, /\(Failed: full\)/],
  [
    "has an agent that only believes that it wrote",
    { files: ["10-flannel.conflist"] },
    /its agent says that it wrote it, and the node has 10-flannel\.conflist/,
  ],
  ["has an agent that wrote into another folder", { files: [] }, /the node has no CNI file/],
  [
    "bears the agent's taint still",
    { node: { taints: [{ key: "node.cilium.io/agent-not-ready", value: "", effect: "NoSchedule" }] } },
    /agent-not-ready to be removed/,
  ],
  ["has our reboot pod still", { rebootPod: true }, /crossfade-reboot-1 to go/],
])("a node that %s", async (_what, given, because) => {
  const { scope } = situation(given);
  const observed = told(await waitReady.observe(scope));
  expect(observed).toMatchObject(because === null ? { done: true } : { done: false });
  if (because !== null) expect(observed).toMatchObject({ because: expect.stringMatching(because) });
});

test("an agent that crash-loops fails the node with its last words", async () => {
  await expect(inWords(waitReady.observe(situation({ agent: crashed }).scope))).rejects.toMatchObject({
    code: "AGENT_FAILED",
    message: expect.stringMatching(/crash-loops \(4 restarts\): exit code 1: cannot allocate memory/),
  });
});

test.each<[string, Partial<AgentPod>]>([
  ["three restarts", { ...crashed, restarts: 3 }],
  ["no words of its failure", { ...crashed, lastFailure: "" }],
  ["itself Ready by now", { ...crashed, ready: true }],
])("one with %s is waited for", async (_what, agent) => {
  await expect(waitReady.observe(situation({ agent }).scope)).resolves.toBeDefined();
});

test("a node that came back under another address is told of, once", async () => {
  const { scope, logged } = situation({ node: { internalIps: ["192.168.60.3"] } });
  await waitReady.observe(scope);
  await waitReady.observe(scope);
  expect(logged).toEqual([expect.stringMatching(/another address: 192\.168\.60\.3, before 192\.168\.50\.11/)]);
});

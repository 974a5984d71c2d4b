import { expect, test } from "vitest";
import type { Code } from "../../../src/engine/model/reason.ts";
import { restartAgent } from "../../../src/engine/steps/restart-agent.ts";
import { aPod } from "../../support/facts.ts";
import { codeOf, nodeScope, type Situation } from "../../support/node-scope.ts";

const old: Situation = { before: { agentUid: "agent-worker-1" } };
const byReboot: Situation = { options: { reboot: { method: "privileged-pod", image: "agnhost" } } };
const unread: Situation = { status: { writesCniConf: false } };
const crashing = { ready: false, restarts: 4, lastFailure: "exit code 1: unable to load bpf program" };
const restart = ["delete agent-worker-1"];

test.each<[string, Situation, Code | null, readonly string[]]>([
  ["has a new agent that took it over", {}, null, []],
  ["has the agent from before the label still", old, "old-agent-running", restart],
  ["has an agent that is being made", { agent: null }, "agent-missing", []],
  ["has an agent that starts", { agent: { ready: false } }, "agent-not-ready", []],
  ["has one that did not read the CiliumNodeConfig", unread, "agent-config-outdated", restart],
  [
    "has one that could not write",
    { status: { cniFile: "Failed", cniFileMessage: "full" } },
    "cni-conf-not-written",
    [],
  ],
  [
    "has one that did not read it, because it is gone",
    { ...unread, nodeConfig: false },
    "agent-config-outdated",
    ["write cilium-default", ...restart],
  ],
])("a node that %s", async (_what, given, code, acts) => {
  const { scope, did } = nodeScope(given);
  const observed = await restartAgent.observe(scope);
  expect(codeOf(observed)).toBe(code);
  await restartAgent.apply(scope);
  expect(did).toEqual(acts);
});

test.each<[string, Situation, boolean]>([
  ["a node that is rebooted needs no restart of its agent", {}, true],
  [
    "but where a static pod has a pod address it does",
    { pods: [aPod("kube-system", "etcd", { mirror: true })] },
    false,
  ],
  [
    "and where a pod looks into the CNI's folders",
    { pods: [aPod("shop", "p", { hostPaths: [{ path: "/etc/cni/net.d", readOnly: true }] } as never)] },
    false,
  ],
])("%s", async (_what, given, passedOver) => {
  const { scope } = nodeScope({ ...old, ...byReboot, ...given });
  expect((await restartAgent.observe(scope)).done).toBe(passedOver);
});

test("an agent that crash-loops fails the node with its last words; a second attempt makes it again, once", async () => {
  const given: Situation = { agent: crashing };
  await expect(restartAgent.observe(nodeScope(given).scope)).rejects.toMatchObject({ code: "AGENT_FAILED" });
  const { scope, did } = nodeScope({ ...given, again: true });
  await restartAgent.observe(scope);
  await restartAgent.apply(scope);
  await restartAgent.apply(scope);
  expect(did).toEqual(restart);
  expect((await restartAgent.observe(scope)).done).toBe(false);
});

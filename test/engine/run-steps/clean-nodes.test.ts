import { expect, test } from "vitest";
import { CommandError } from "../../../src/commands/command-error.ts";
import { cleanNode } from "../../../src/engine/cleaning/clean-node.ts";
import type { LeftOnNode } from "../../../src/engine/model/cluster/leftovers.ts";
import type { RunScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { cleanNodes } from "../../../src/engine/run-steps/clean-nodes.ts";
import { removalOf } from "../../../src/engine/sources/registry.ts";
import { nothingFound } from "../../support/a-host.ts";
import { aPlan } from "../../support/panel/a-plan.ts";
import { said } from "../../support/said.ts";

const busy = new CommandError("COMMAND_FAILED", "iptables -X FLANNEL-POSTRTG: Device or resource busy", "by hand");
const daemonSet = { kind: "DaemonSet", namespace: "kube-flannel", name: "kube-flannel-ds", uid: "again" };

const names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];

/** Nine nodes that hold a chain which cannot be removed; in the meantime the old CNI comes back, or does not. */
function cleaning(comesBack: boolean) {
  let isBack = false;
  const cleaned: string[] = [];
  const ports = {
    workloads: {
      get: () => Promise.resolve(isBack ? daemonSet : null),
      existing: () => Promise.resolve([]),
      delete: () => Promise.resolve(),
    },
    clock: { now: () => 0 },
    pods: { list: () => Promise.resolve([]), onFresh: () => Promise.resolve([]) },
    nodes: { list: () => Promise.resolve([]), get: () => Promise.resolve(null) },
    cleaners: {
      start: () => Promise.resolve(),
      list: () => Promise.resolve(names.map((node) => ({ node, ready: true }))),
    },
    cilium: { nodes: () => Promise.resolve([]) },
    hosts: {
      leftovers: () => Promise.resolve({ ...nothingFound, chains: ["nat/FLANNEL-POSTRTG"] }),
      clean: (node: string) => {
        cleaned.push(node);
        isBack = comesBack;
        return Promise.reject(busy);
      },
    },
  };
  const scope = {
    ports,
    stepSince: 0,
    plan: aPlan(names),
    removal: removalOf(aPlan(names).source),
    nodes: names,
    memory: new StepMemory(),
    log: () => undefined,
  };
  return { scope: scope as unknown as RunScope, cleaned };
}

test("what goes wrong on a node while the old CNI comes back is the old CNI's doing: nodes of the next batch are not begun, and it is removed again", async () => {
  const { scope, cleaned } = cleaning(true);
  await cleanNodes.apply(scope);
  expect(cleaned).toEqual(names.slice(0, 8));
  expect(said(await cleanNodes.observe(scope))).toMatchObject({
    because: "the old CNI, which was brought back, to go",
  });
});

test("what goes wrong without that fails the step in the command's own words", async () => {
  const { scope } = cleaning(false);
  await expect(cleanNodes.apply(scope)).rejects.toBe(busy);
});

test("what is in the kernel is named until the next restart, and a device of the kernel's own as emptied and kept", async () => {
  const { scope } = cleaning(false);
  const found = {
    ...nothingFound,
    links: ["tunl0"],
    blackholes: ["10.244.1.0/26"],
    rules: ["filter/FORWARD cali:S93"],
    ipsets: ["cali40s:x"],
  };
  const told: LeftOnNode[] = [];
  const hosts = { leftovers: () => Promise.resolve(found), clean: () => Promise.resolve([]) };
  const on = {
    ...scope,
    ports: { ...scope.ports, hosts },
    removal: { ...scope.removal, leftovers: { ...scope.removal.leftovers, ipsetPrefixes: ["cali40"] } },
    leftovers: (_node: string, left: LeftOnNode) => told.push(left),
  } as unknown as RunScope;
  expect(await cleanNode(on, "a")).toBe(false);
  expect(await cleanNode(on, "a")).toBe(true);
  expect(told[0]?.left).toEqual([
    "blackhole route 10.244.1.0/26: until its next restart",
    "iptables rule filter/FORWARD cali:S93: until its next restart",
    "ipset cali40s:x: until its next restart",
    "link tunl0: empty and down; a module of the kernel made it, and keeps it",
  ]);
  expect(told[0]?.looked).toContain("ipsets cali40*");
});

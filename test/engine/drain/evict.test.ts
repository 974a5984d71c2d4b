import { describe, expect, test } from "vitest";
import { drainHold } from "../../../src/engine/drain/drain-hold.ts";
import { evictPass } from "../../../src/engine/drain/evict.ts";
import type { EvictionAnswer } from "../../../src/engine/model/cluster/eviction-answer.ts";
import { Unavailable } from "../../../src/engine/model/errors.ts";
import type { Attempts } from "../../../src/engine/model/eviction-attempts.ts";
import type { BudgetFacts, PodFacts } from "../../../src/engine/model/facts.ts";
import type { Ports } from "../../../src/engine/model/ports/ports.ts";
import { budget, pod } from "../../support/pods.ts";
import { said } from "../../support/said.ts";

/** Only what an eviction touches; anything else fails the test by being absent. */
function world(answers: Readonly<Record<string, EvictionAnswer>> = {}) {
  const asked: string[] = [];
  const at = { now: 0, budgets: [] as readonly BudgetFacts[] };
  const ports = {
    clock: { now: () => at.now },
    pods: {
      budgets: () => Promise.resolve(at.budgets),
      evict: (one: PodFacts) => {
        asked.push(one.name);
        return Promise.resolve(answers[one.name] ?? { kind: "accepted" });
      },
    },
  } as unknown as Ports;
  return { ports, asked, at, attempts: new Map() as Attempts };
}

const blocked = (retryAfterMs: number | null = null): EvictionAnswer => ({
  kind: "blocked",
  message: "budget",
  retryAfterMs,
});

describe("one pass of evictions", () => {
  test("every pod that is not leaving yet is asked for", async () => {
    const { ports, asked, attempts } = world();
    await evictPass(ports, [pod("a"), pod("b", { terminatingAt: 1 }), pod("c")], attempts);
    expect(asked).toEqual(["a", "c"]);
  });

  test("a blocked pod is not asked again before its back-off, which doubles up to 30 s", async () => {
    const { ports, asked, at, attempts } = world({ a: blocked() });
    for (const now of [0, 4_999, 5_000, 14_999, 15_000, 34_999, 35_000, 64_999, 65_000, 94_999, 95_000]) {
      at.now = now;
      await evictPass(ports, [pod("a")], attempts);
    }
    expect(asked.length).toBe(6);
  });

  test("a budget that allows one again ends the wait at once", async () => {
    const { ports, asked, at, attempts } = world({ a: blocked() });
    at.budgets = [budget("guard", "a")];
    await evictPass(ports, [pod("a")], attempts);
    at.now = 100;
    await evictPass(ports, [pod("a")], attempts);
    at.budgets = [budget("guard", "a", { disruptionsAllowed: 1 })];
    await evictPass(ports, [pod("a")], attempts);
    expect(asked.length).toBe(2);
  });

  test("the server's own hint is kept", async () => {
    const { ports, asked, at, attempts } = world({ a: blocked(10_000) });
    for (const now of [0, 5_000, 9_999, 10_000]) {
      at.now = now;
      await evictPass(ports, [pod("a")], attempts);
    }
    expect(asked.length).toBe(2);
  });

  test("a throttled server is left alone after the batch in hand", async () => {
    const many = Array.from({ length: 25 }, (_, at) => pod(`p${at}`));
    const { ports, asked, attempts } = world(
      Object.fromEntries(many.map(({ name }) => [name, { kind: "throttled", retryAfterMs: 1_000 }])),
    );
    await evictPass(ports, many, attempts);
    expect(asked.length).toBe(10);
  });

  test("ten pods on which the API server fails keep the eleventh from nothing", async () => {
    const many = Array.from({ length: 12 }, (_, at) => pod(`p${at}`));
    const failing = new Set(many.slice(0, 10).map(({ name }) => name));
    const { ports, asked, attempts } = world();
    const pods = { ...ports.pods };
    const evict = (one: PodFacts) => pods.evict(one);
    Object.assign(ports.pods, {
      evict: (one: PodFacts) =>
        failing.has(one.name) ? Promise.reject(new Unavailable("internal error")) : evict(one),
    });
    await expect(evictPass(ports, many, attempts)).rejects.toBeInstanceOf(Unavailable);
    await evictPass(ports, many, attempts);
    expect(asked).toEqual(["p10", "p11"]);
  });

  test("where the server answers for others, the one that it fails on is held by name and waited for", async () => {
    const { ports, attempts } = world();
    const pods = { ...ports.pods };
    const evict = (one: PodFacts) => pods.evict(one);
    Object.assign(ports.pods, {
      evict: (one: PodFacts) => (one.name === "a" ? Promise.reject(new Unavailable("internal error")) : evict(one)),
    });
    await evictPass(ports, [pod("a"), pod("b")], attempts);
    const look = { now: 0, node: "worker-1", ready: true };
    expect(said(drainHold([pod("a")], [], attempts, look)).because).toBe(
      "default/a: its eviction got no answer (internal error)",
    );
  });

  test("a pod that another one replaced counts as gone", async () => {
    const { ports, attempts } = world({ a: { kind: "gone" } });
    attempts.set("uid-a", { tries: 3, nextAt: 0, answer: { kind: "blocked", message: "", retryAfterMs: null } });
    await evictPass(ports, [pod("a")], attempts);
    expect(attempts.size).toBe(0);
  });
});

describe("what a drain says it waits for", () => {
  const look = { now: 1_000, node: "worker-1", ready: true };
  const held: Attempts = new Map([
    ["uid-db", { tries: 1, nextAt: 0, answer: { kind: "blocked", message: "cannot", retryAfterMs: null } }],
  ]);

  test("nothing left, nothing said", () => {
    expect(drainHold([], [], new Map(), look)).toBeNull();
  });

  test("a blocker comes with its budget's numbers", () => {
    const hold = drainHold([pod("web"), pod("db")], [budget("db-pdb", "db")], held, look);
    expect(said(hold).because).toBe("default/db: PodDisruptionBudget db-pdb allows 0 of 1 (needs 1 healthy, has 1)");
    expect(said(hold).object).toBe("Pod default/db");
  });

  test("on a node whose kubelet is silent that is told, and what it keeps comes before the budgets that count its pods as unhealthy", () => {
    const silent = { ...look, ready: false };
    const budgets = [budget("db-pdb", "db")];
    expect(said(drainHold([pod("db")], budgets, held, silent)).because).toBe(
      "default/db: PodDisruptionBudget db-pdb allows 0 of 1 (needs 1 healthy, has 1); the kubelet of worker-1 is silent",
    );
    expect(said(drainHold([pod("db"), pod("web", { terminatingAt: 5 })], budgets, held, silent)).because).toBe(
      "default/web, whose end cannot be observed: the kubelet of worker-1 is silent",
    );
  });

  test("pods that stop are named, three at most", () => {
    const hold = drainHold(
      ["a", "b", "c", "d"].map((name) => pod(name, { terminatingAt: 1 })),
      [],
      new Map(),
      look,
    );
    expect(said(hold).because).toBe("4 pods to leave: default/a, default/b, default/c and 1 more");
  });

  test("a blocked pod that was let go meanwhile is no blocker any more", () => {
    const hold = drainHold([pod("db", { terminatingAt: 5 })], [budget("db-pdb", "db")], held, look);
    expect(said(hold).because).toBe("1 pod to leave: default/db");
  });

  test("a refusal for good says what to do", () => {
    const refused: Attempts = new Map([
      ["uid-db", { tries: 1, nextAt: 0, answer: { kind: "refused", message: "two budgets", remedy: "delete one" } }],
    ]);
    expect(said(drainHold([pod("db")], [], refused, look))).toMatchObject({
      because: "default/db: two budgets",
      clearedBy: "delete one",
    });
  });
});

import { afterEach, expect, test } from "vitest";
import type { PodObject } from "../../../packages/lab/cni/kinds.ts";
import { lines } from "../../../src/words/audience.ts";
import { noteWords } from "../../../src/words/notes/note-words.ts";
import { ScenarioRun } from "../../support/lab/scenario-run.ts";
import { saidOf } from "../../support/said.ts";

let story: ScenarioRun;
let stop: () => void = () => undefined;
afterEach(async () => {
  stop();
  await story.world.close();
});

const { passing, held } = { passing: "passes", held: "held back" } as const;

const bankPods = (app: string) =>
  story.world.lab.store
    .list<PodObject>("pods", "bank")
    .filter(({ metadata, status }) => metadata.labels?.["app"] === app && status?.phase === "Running");

/** Whether a pod of one workload reaches one of another, at this moment. */
function asks(from: string, to = "accounts"): string {
  const [client] = bankPods(from);
  const ip = bankPods(to)[0]?.status?.podIP;
  if (!client || !ip) return "nobody there";
  return story.world.lab.network.fromPod(client, { ip, port: 8080, protocol: "tcp" }).ok ? passing : held;
}

/** Asks every second of the lab's time, as a client that is not told to stop. */
const keepAsking = (from: string): void => {
  stop = story.world.lab.clock.every(1_000, () => asks(from));
};

const enforcementOf = () =>
  [...story.world.lab.machines.values()].map(({ disk }) => {
    const text = disk.get("/run/cilium/state/datapath.json") ?? "{}";
    return (JSON.parse(text) as { readonly enforcement?: string }).enforcement;
  });

const logOf = () => story.run.state.log.map(({ note }) => noteWords(note, lines));

/** By a range, with which Cilium compares no pod: it allows nobody, and seems to allow all. */
const allowAllPods = () =>
  void story.world.lab.store.create("networking.k8s.io/networkpolicies", {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "from-all-pods", namespace: "bank" },
    spec: {
      podSelector: { matchLabels: { app: "accounts" } },
      ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8" } }] }],
    },
  });

test("policies come into force by a step of their own: a stranger is refused from then on, which is counted and told", async () => {
  story = await ScenarioRun.start("network-policies", {
    consents: ["nodes", "finalize"],
    setup: { source: "calico-manifest" },
  });
  const { run } = story;
  await run.until("the cluster to be checked", ({ steps }) => steps.check?.state === "done");
  expect(new Set(enforcementOf())).toEqual(new Set(["never"]));
  expect([asks("teller"), asks("passer-by")]).toEqual([passing, passing]);
  keepAsking("passer-by");
  await run.until("policies to be enforced", ({ steps }) => steps["enforce-policies"]?.state === "done");
  expect(new Set(enforcementOf())).toEqual(new Set(["default"]));
  await run.until("the removal to be asked for", ({ asking }) => asking === "remove-source");
  expect([asks("teller"), asks("passer-by")]).toEqual([passing, held]);
  const told = logOf().find((line) => line.includes("each as its policy says")) ?? "";
  expect(told).toMatch(/^\d+ connections? refused by policies in 30 s/);
  expect(told).toContain("bank/passer-by-");
  expect(told).toContain("bank/friends-only");
});

test("a refusal that no policy explains holds the run: a rollback takes policies out of force before any node goes back", async () => {
  story = await ScenarioRun.start("network-policies", { consents: ["nodes", "finalize"] });
  const { run } = story;
  allowAllPods();
  await run.until("the cluster to be checked", ({ steps }) => steps.check?.state === "done");
  keepAsking("passer-by");
  await run.until("to be asked", ({ asking }) => asking === "policy-drops");
  const step = run.state.steps["watch-drops"];
  const said = step?.state === "failed" ? saidOf(step.failure).message : "";
  expect(said).toContain("no policy says so");
  expect(said).toContain("bank/from-all-pods allows what was refused");
  expect(run.state.steps["remove-node-config"]).toBeUndefined();
  await run.ask({ request: "rollback-all", by: "tester" });
  await run.until("the first node to go back", ({ nodes }) =>
    Object.values(nodes).some(({ state }) => state.phase === "rolling-back"),
  );
  expect(new Set(enforcementOf())).toEqual(new Set(["never"]));
  expect(asks("passer-by")).toBe(passing);
  expect(await run.end(120_000)).toBe("rolled-back");
});

test("with that consent, given beforehand, the run goes on, and the log says so", async () => {
  story = await ScenarioRun.start("network-policies", {
    consents: ["nodes", "finalize", "policy-drops", "remove-source"],
  });
  const { run } = story;
  allowAllPods();
  await run.until("the cluster to be checked", ({ steps }) => steps.check?.state === "done");
  keepAsking("passer-by");
  expect(await run.end(120_000)).toBe("migrated");
  expect(run.state.consents["policy-drops"]).toBeDefined();
  expect(logOf().join("\n")).toContain("consented to go on although connections are refused");
});

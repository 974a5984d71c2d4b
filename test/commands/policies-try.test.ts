import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { datapathOf } from "crossfade-lab/cni/cilium/datapath.ts";
import type { PodObject } from "crossfade-lab/cni/kinds.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { main } from "../../src/cli.ts";
import { Interrupts } from "../../src/commands/headless/interrupts.ts";
import { commandLine } from "../support/command-line.ts";
import { World } from "../support/lab/lab-run.ts";
import { patientEnvironment } from "../support/lab/patient-environment.ts";

let world: World;
let folder: string;

const env = () => patientEnvironment(world, folder);
const crossfade = (...argv: readonly string[]) => commandLine(env(), "policies", ...argv);

/** How each machine's kernel deals with policies. */
const modes = () => {
  const all = [...world.lab.machines.values()].map((machine) => datapathOf(machine));
  return [...new Set(all.map((one) => `${one?.enforcement}${one?.audits === true ? ", audited" : ""}`))];
};

const podsWith = (role: string) =>
  world.lab.store.list<PodObject>("pods", "default").filter(({ metadata }) => metadata.labels?.["role"] === role);

function ask(from: string, to: string): string {
  const [client, server] = [podsWith(from)[0], podsWith(to)[0]];
  if (!client || !server) return "no pods";
  const found = world.lab.network.fromPod(client, { ip: server.status?.podIP ?? "", port: 8080, protocol: "tcp" });
  return found.ok ? "in" : found.reason;
}

/** Asks again and again until it is stopped, and answers what was ever said. */
function askAll(): () => readonly string[] {
  const said = new Set<string>();
  const timer = setInterval(() => {
    for (const to of ["guarded", "drafted"]) for (const from of ["friend", "stranger"]) said.add(ask(from, to));
  }, 20);
  return () => {
    clearInterval(timer);
    return [...said];
  };
}

const workload = (role: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: role, namespace: "default" },
  spec: {
    replicas: 1,
    selector: { matchLabels: { role } },
    template: {
      metadata: { labels: { role } },
      spec: {
        containers: [
          { name: "c", image: "registry.k8s.io/e2e-test-images/agnhost:2.53", ports: [{ containerPort: 8080 }] },
        ],
      },
    },
  },
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "policies-"));
  world = await World.make({ seed: 75 });
  const run = world.start({ consents: ["nodes"] });
  await run.until("Cilium", ({ nodes }) => {
    const all = Object.values(nodes);
    return all.length > 0 && all.every(({ state }) => state.phase === "migrated");
  });
  const { store } = world.lab;
  const roles = ["guarded", "drafted", "friend", "stranger"];
  for (const role of roles) store.create("apps/deployments", workload(role));
  store.create("networking.k8s.io/networkpolicies", {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "friends", namespace: "default" },
    spec: {
      podSelector: { matchLabels: { role: "guarded" } },
      ingress: [{ from: [{ podSelector: { matchLabels: { role: "friend" } } }] }],
    },
  });
  store.create("cilium.io/ciliumnetworkpolicies", {
    apiVersion: "cilium.io/v2",
    kind: "CiliumNetworkPolicy",
    metadata: { name: "draft", namespace: "default" },
    spec: {
      endpointSelector: { matchLabels: { "k8s:role": "drafted" } },
      ingress: [
        {
          fromEndpoints: [{ matchLabels: { role: "friend" } }],
          toPorts: [{ ports: [{ port: "8080", protocol: "TCP" }] }],
        },
      ],
    },
  });
  await world.until("the pods", () => roles.every((from) => ask(from, "guarded") === "in"));
});

beforeEach(() => {
  expect(modes()).toEqual(["never"]);
});

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

test("without a yes nothing is changed", async () => {
  const { code, err } = await crossfade("try");
  expect({ code, modes: modes() }).toEqual({ code: 2, modes: ["never"] });
  expect(err).toContain("there is no terminal to ask on: nothing was changed");
});

test("what would be denied is counted by pair and policy while nothing is dropped, and agents are as before", async () => {
  const stop = askAll();
  const { code, out, err } = await crossfade("try", "--for", "2s", "--yes", "--json");
  expect(stop()).toEqual(["in"]);
  expect(code, err).toBe(0);
  const found = JSON.parse(out);
  const of = (role: string) => `default/${podsWith(role)[0]?.metadata.name}`;
  expect(
    new Set(
      found.denied.map((one: { pod: string; other: { name: string }; policies: unknown }) => [
        one.pod,
        one.other.name,
        one.policies,
      ]),
    ),
  ).toEqual(
    new Set([
      [of("guarded"), of("stranger"), ["networkpolicies.networking.k8s.io default/friends"]],
      [of("drafted"), of("stranger"), ["ciliumnetworkpolicies.cilium.io default/draft"]],
    ]),
  );
  expect(found.denied[0]).toMatchObject({ action: "audited", direction: "ingress", protocol: "TCP", port: 8080 });
  expect(
    found.nodes.every(({ changed, restored }: { changed: boolean; restored: boolean }) => changed && restored),
  ).toBe(true);
  expect(modes()).toEqual(["never"]);
});

test("Ctrl-C ends it, with what was seen so far and every agent restored", async () => {
  const interrupts = new Interrupts();
  const texts = { out: "", err: "" };
  const into = (name: "out" | "err") =>
    Object.assign(new PassThrough(), {
      write: (text: string) => {
        texts[name] += text;
        if (text.includes("listens for")) setTimeout(() => interrupts.hear("SIGINT"), 300);
        return true;
      },
    }) as unknown as NodeJS.WriteStream;
  const stop = askAll();
  const code = await main(["policies", "try", "--for", "1h", "--yes"], {
    env: env(),
    stdin: new PassThrough() as unknown as NodeJS.ReadStream,
    stdout: into("out"),
    stderr: into("err"),
    signal: interrupts.signal,
    interrupts,
  });
  expect({ code, modes: modes(), said: stop() }, texts.err).toEqual({ code: 130, modes: ["never"], said: ["in"] });
  expect(texts.out).toContain("would be denied");
  expect(texts.out).toContain("Every agent is as it was before.");
});

test("a trial that was killed denies nothing, and rollback restores its agents", async () => {
  const child = spawn(process.execPath, ["src/crossfade.ts", "policies", "try", "--for", "1h", "--yes"], {
    env: env(),
    stdio: "ignore",
  });
  try {
    await world.until("audit mode", () => modes().every((one) => one === "default, audited"), 60_000);
  } finally {
    child.kill("SIGKILL");
  }
  expect(ask("stranger", "guarded")).toBe("in");
  const { code, out, err } = await crossfade("rollback", "--yes");
  expect(code, err).toBe(0);
  expect(out).toContain("restored  Cilium's agent on ");
  expect({ modes: modes(), now: ask("stranger", "guarded") }).toEqual({ modes: ["never"], now: "in" });
});

test("where Cilium enforces already it is only listened to", async () => {
  const { cilium } = world.ports();
  const nodes = [...world.lab.machines.keys()];
  const all = async (enforcement: "default" | "never") => {
    for (const node of nodes)
      await cilium.setPolicies(node, (await cilium.policySettings(node)).pod.uid, { enforcement });
    await world.until(enforcement, () => modes().join() === enforcement);
  };
  await all("default");
  const stop = askAll();
  const { code, out, err } = await crossfade("try", "--for", "2s");
  expect(stop()).toContain(`Policy denied (ingress) at default/${podsWith("guarded")[0]?.metadata.name}`);
  expect(code, err).toBe(0);
  expect(modes()).toEqual(["default"]);
  expect(out).toMatch(/networkpolicies\.networking\.k8s\.io default\/friends: denied \d+ connections? of 1 pair/);
  expect(out).toContain("nothing was changed");
  await all("never");
});

test("a policy for a proxy is refused by name: it would deny in audit mode too", async () => {
  world.lab.store.create("cilium.io/ciliumnetworkpolicies", {
    apiVersion: "cilium.io/v2",
    kind: "CiliumNetworkPolicy",
    metadata: { name: "http", namespace: "default" },
    spec: { endpointSelector: {}, ingress: [{ toPorts: [{ ports: [{ port: "80" }], rules: { http: [{}] } }] }] },
  });
  const { code, err } = await crossfade("try", "--yes");
  expect({ code, modes: modes() }).toEqual({ code: 4, modes: ["never"] });
  expect(err).toContain("ciliumnetworkpolicies.cilium.io default/http has rules for HTTP, DNS or authentication");
});

test.each([
  [["try", "--for", "soon"], "is not a duration"],
  [["try", "--for", "10ms"], "too short"],
])("policies %j is refused in a sentence", async (argv, said) => {
  const { code, err } = await crossfade(...argv);
  expect(code).toBe(2);
  expect(err).toContain(said);
});

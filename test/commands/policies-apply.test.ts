import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { appliedIn, draftKinds } from "../../src/engine/policies/draft-objects.ts";
import { commandLine, complaintsIn } from "../support/command-line.ts";
import { World } from "../support/lab/lab-run.ts";
import { patientEnvironment } from "../support/lab/patient-environment.ts";
import { applyObjects } from "../support/lab/roles.ts";
import { tellWrites } from "../support/lab/told-writes.ts";

let world: World;
let folder: string;
const writes: string[] = [];

const crossfade = (...argv: readonly string[]) => commandLine(patientEnvironment(world, folder), "policies", ...argv);

const policy = (name: string, spec: object, metadata: object = {}) => ({
  apiVersion: "cilium.io/v2",
  kind: "CiliumNetworkPolicy",
  metadata: { name, namespace: "default", ...metadata },
  spec,
});
const everyone = { endpointSelector: {}, ingress: [{ fromEntities: ["cluster"] }] };

function file(name: string, ...objects: readonly unknown[]): string {
  const path = join(folder, name);
  writeFileSync(path, objects.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join("\n---\n"));
  return path;
}

const readObjects = (printed: string) => parseAllDocuments(printed).map((document) => document.toJS());

const inCluster = () =>
  Object.values(draftKinds).flatMap((plural) => world.lab.store.list(`cilium.io/${plural}`, null));
const namesThere = () =>
  inCluster()
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    .toSorted();
const written = () => writes.filter((one) => /cilium(network|clusterwide|cidr)/.test(one));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "policies-"));
  world = await World.make({ seed: 74, source: "calico-manifest", ...tellWrites(writes) });
  const friends = { action: "Allow", protocol: "TCP", source: { selector: "role == 'friend'" } };
  world.lab.store.create("crd.projectcalico.org/networkpolicies", {
    apiVersion: "crd.projectcalico.org/v1",
    kind: "NetworkPolicy",
    metadata: { name: "friends", namespace: "default" },
    spec: { selector: "all()", ingress: [friends] },
  });
});

beforeEach(() => {
  writes.length = 0;
});

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

test("before Cilium is installed nothing is applied, and it is said when to", async () => {
  const { code, err } = await crossfade("apply", "--yes");
  expect({ code, written: written() }).toEqual({ code: 4, written: [] });
  expect(complaintsIn(err).join("\n")).toMatch(
    /does not serve ciliumnetworkpolicies\.cilium\.io: nothing was changed[\s\S]*crossfade migrate installs Cilium/,
  );
  expect(await crossfade("rollback", "--yes")).toMatchObject({
    code: 0,
    out: "There is nothing that policies apply or try left.\n",
  });
});

test.each([
  ["a folder that is not there", () => join(folder, "nowhere"), "there is no file or folder"],
  ["no YAML", () => file("broken.yaml", "a: [1, 2"), "is not YAML (line 1"],
  ["a page of prose", () => file("prose.yaml", "hello"), "holds something that is no Kubernetes object"],
  ["nothing", () => file("nothing.yaml", "# none\n"), "holds no object"],
  [
    "another kind",
    () => file("other.yaml", { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } }),
    "holds Secret s (v1), which policies apply does not apply",
  ],
  [
    "a kind of that name of somebody else's",
    () => file("theirs.yaml", { ...policy("a", everyone), apiVersion: "example.org/v1" }),
    "does not apply",
  ],
  ["no namespace", () => file("nowhere.yaml", policy("a", everyone, { namespace: undefined })), "without a namespace"],
  ["no name", () => file("noname.yaml", policy("", everyone)), "without a name"],
  [
    "an object as a cluster had it",
    () => file("had.yaml", policy("a", everyone, { uid: "1" })),
    "with its uid or resourceVersion",
  ],
  [
    "two of one name",
    () => file("two.yaml", policy("a", everyone), policy("a", { endpointSelector: {} })),
    "holds two different CiliumNetworkPolicy default/a",
  ],
  ["more than is read", () => file("huge.yaml", `# ${"x".repeat(5 * 1024 * 1024)}`), "it is longer than the 4 MiB"],
  [
    "aliases without end",
    () =>
      file(
        "bomb.yaml",
        `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]`,
      ),
    "cannot be read",
  ],
  ["an empty folder", () => mkdtempSync(join(folder, "empty-")), "holds no .yaml, .yml or .json file"],
])("%s is refused in one sentence, before anything is asked", async (_what, made, said) => {
  const { code, err, out } = await crossfade("apply", made(), "--yes");
  expect({ code, out, written: written() }).toEqual({ code: 2, out: "", written: [] });
  expect(err).toContain(said);
  expect(err).toContain("nothing was changed");
  expect(err).not.toContain("    at ");
});

test("without a terminal and without --yes nothing is done", async () => {
  for (const verb of ["apply", "rollback"]) {
    const { code, err } = await crossfade(verb);
    expect({ code, written: written() }).toEqual({ code: 2, written: [] });
    expect(err).toContain("there is no terminal to ask on: nothing was changed");
  }
});

test("with Cilium there, drafts are applied under a label, again without a change, and taken back without a trace", async () => {
  const run = world.start({ consents: ["nodes"] });
  await run.until(
    "Cilium's kinds",
    () =>
      world.lab.store.get("apiextensions.k8s.io/customresourcedefinitions", null, "ciliumnetworkpolicies.cilium.io") !==
      undefined,
  );
  await run.until("Cilium", ({ nodes }) => Object.values(nodes).every(({ state }) => state.phase === "migrated"));

  const out = join(folder, "drafts");
  expect((await crossfade("convert", "--out", out)).code).toBe(0);
  const first = await crossfade("apply", out, "--yes");
  expect(first).toMatchObject({ code: 0 });
  expect(first.out).toBe(
    "new        CiliumNetworkPolicy default/friends  from networkpolicies.crd.projectcalico.org default/friends\n" +
      "Cilium enforces no policies yet (its policy enforcement mode is never): they begin to count when the migration is finalized.\n",
  );
  const [made] = appliedIn(inCluster() as never);
  expect(made).toMatchObject({
    ref: { kind: "CiliumNetworkPolicy", namespace: "default", name: "friends" },
    origin: "networkpolicies.crd.projectcalico.org default/friends",
    others: [],
  });

  writes.length = 0;
  const again = await crossfade("apply", "--yes", "--json");
  expect(JSON.parse(again.out)).toMatchObject({ applied: [{ name: "friends", change: "none" }] });
  expect(written().filter((one) => !one.includes("dryRun"))).toEqual([]);

  const back = await crossfade("rollback", "--yes");
  expect(back.out).toContain("removed  CiliumNetworkPolicy default/friends  from networkpolicies.crd");
  expect(namesThere()).toEqual([]);
});

test("what others made is neither overwritten nor removed, and with one refusal none is applied", async () => {
  world.lab.store.create("cilium.io/ciliumnetworkpolicies", policy("theirs", everyone));
  const ours = file("ours.yaml", policy("ours", everyone));
  const foreign = await crossfade("apply", ours, file("foreign.yaml", policy("theirs", everyone)), "--yes");
  expect(foreign).toMatchObject({ code: 4, out: "" });
  expect(foreign.err).toMatch(
    /CiliumNetworkPolicy default\/theirs.* is there already and not made by policies apply: nothing was changed/,
  );

  const nowhere = await crossfade(
    "apply",
    ours,
    file("away.yaml", policy("x", everyone, { namespace: "no-such" })),
    "--yes",
  );
  expect(nowhere).toMatchObject({ code: 4, out: "" });
  expect(nowhere.err).toMatch(
    /would refuse 1 draft of 2 \(CiliumNetworkPolicy no-such\/x: .*no-such.*\): nothing was changed/,
  );
  expect(namesThere()).toEqual(["CiliumNetworkPolicy theirs"]);

  expect((await crossfade("apply", ours, "--yes")).code).toBe(0);
  expect(namesThere()).toEqual(["CiliumNetworkPolicy ours", "CiliumNetworkPolicy theirs"]);
  expect((await crossfade("rollback", "--yes")).code).toBe(0);
  expect(namesThere()).toEqual(["CiliumNetworkPolicy theirs"]);
});

test("the role with policies is enough to apply and to roll back, the one without is not", async () => {
  const ours = file("operators.yaml", policy("operators", everyone));
  const as = (name: string) =>
    patientEnvironment(
      world,
      mkdtempSync(join(folder, "user-")),
      world.lab.signIn({ username: name, groups: [] }).token,
    );
  for (const [user, more] of [
    ["without", []],
    ["with", ["--with-policies"]],
  ] as const) {
    const role = ["rbac", "--source", "calico", "--stage", "operate", "--user", user, ...more];
    const { out } = await commandLine(patientEnvironment(world, folder), ...role);
    await applyObjects(world.cluster.client, readObjects(out));
    const { code, err } = await commandLine(as(user), "policies", "apply", ours, "--yes");
    expect([user, code], err).toEqual([user, user === "with" ? 0 : 1]);
    if (user === "without") expect(err).toMatch(/forbidden/i);
  }
  expect(namesThere()).toContain("CiliumNetworkPolicy operators");
  expect((await commandLine(as("with"), "policies", "rollback", "--yes")).code).toBe(0);
  expect(namesThere()).not.toContain("CiliumNetworkPolicy operators");
});

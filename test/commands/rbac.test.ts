import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Question } from "crossfade-lab/api/access/policy-rule.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { rightsFor } from "../../src/commands/usual-rights.ts";
import { draftRights } from "../../src/engine/policies/draft-objects.ts";
import { askPermissions } from "../../src/kube/ports/permissions.ts";
import { ClusterLink } from "../../src/runner/cluster-link.ts";
import { toolboxes } from "../contract/tools.ts";
import { commandLine, complaintsIn } from "../support/command-line.ts";
import { World } from "../support/lab/lab-run.ts";
import { applyObjects } from "../support/lab/roles.ts";
import { saidOf } from "../support/said.ts";

const onFlannel = rightsFor("kube-system", { id: "flannel" });

const crossfade = (env: Record<string, string>, ...argv: readonly string[]) =>
  commandLine({ HOME: "/nonexistent", ...env }, ...argv);

const [box] = await toolboxes();

describe("roles on a lab that enforces them", () => {
  let world: World;
  const used: { readonly username: string; readonly question: Question }[] = [];
  const folder = mkdtempSync(join(tmpdir(), "rbac-test-"));

  beforeAll(async () => {
    world = await World.make({
      seed: 51,
      onAllowed: ({ username }, question) => used.push({ username, question }),
    });
    const run = world.start({ consents: ["nodes"] });
    await run.until("a node to be moved", ({ nodes }) =>
      Object.values(nodes).some(({ state }) => state.phase === "migrated"),
    );
    run.engine.stop();
    await run.engine.ended;
  });
  afterAll(() => world.close());

  /** A kubeconfig of another user of the same lab. */
  function kubeconfigOf(username: string): string {
    const { token } = world.lab.signIn({ username, groups: [] });
    const file = join(folder, username);
    const admins = readFileSync(world.lab.address.kubeconfig, "utf8");
    writeFileSync(file, admins.replace(/token: .*/, `token: ${token}`), { mode: 0o600 });
    return file;
  }

  test.skipIf(box === undefined)("real kubectl applies what is printed, and says yes and no by it", async () => {
    const { out } = await crossfade({}, "rbac", "--source", "flannel", "--stage", "operate", "--user", "runa");
    const file = join(folder, "roles.yaml");
    writeFileSync(file, out);
    const kubectl = (KUBECONFIG: string, ...argv: readonly string[]) =>
      promisify(execFile)(box?.kubectl ?? "", [...argv], {
        env: { KUBECONFIG, HOME: folder, PATH: process.env["PATH"] ?? "" },
      }).catch((error: { stdout: string; stderr: string }) => error);
    const applied = await kubectl(world.lab.address.kubeconfig, "apply", "-f", file);
    expect(applied.stdout.match(/ (created|configured)$/gm)?.length).toBe(9);
    const mayI = async (...what: readonly string[]) =>
      (await kubectl(kubeconfigOf("runa"), "auth", "can-i", ...what)).stdout.trim();
    expect(await mayI("patch", "nodes")).toBe("yes");
    expect(await mayI("delete", "namespace/kube-flannel")).toBe("no");
    expect(await mayI("get", "secrets", "-n", "default")).toBe("no");
  });

  test("with the role of watch status works, nothing is written, and no secret can be read", async () => {
    const { out } = await crossfade({}, "rbac", "--stage", "view", "--user", "wanda");
    expect(out).not.toContain("secrets");
    const { client } = await world.connect();
    await applyObjects(
      client,
      parseAllDocuments(out).map((document) => document.toJS()),
    );
    const status = await crossfade({ KUBECONFIG: kubeconfigOf("wanda") }, "status");
    // Nobody runs it: a person is waited for.
    expect(status).toMatchObject({ code: 3, err: "" });
    expect(status.out).toMatch(/1 of 3 nodes migrated/);
    const verbs = new Set(used.filter(({ username }) => username === "wanda").map(({ question }) => question.verb));
    expect([...verbs].filter((verb) => !["get", "list", "watch"].includes(verb))).toEqual([]);
    expect(verbs.size).toBeGreaterThan(0);
  });

  test("who may only watch is told in preflight what is missing, and cannot pause", async () => {
    const env = { KUBECONFIG: kubeconfigOf("wanda") };
    const paused = await crossfade(env, "pause");
    expect([paused.code === 0 && /no engine runs it/.test(paused.out), complaintsIn(paused.err)]).toEqual([true, []]);
    const migrate = await crossfade(env, "migrate", "--headless", "--consent", "nodes");
    expect(migrate.code).not.toBe(0);
    expect(`${migrate.out}${migrate.err}`).toMatch(/does not let us|rights? (is|are) missing/);
    const written = used.filter(({ username, question }) => username === "wanda" && question.verb === "create");
    expect(
      written.filter(({ question }) => !("resource" in question && question.resource.endsWith("reviews"))),
    ).toEqual([]);
  });

  test("preflight finds a role that narrows escalate to names, which no create matches", async () => {
    const { out } = await crossfade({}, "rbac", "--source", "flannel", "--stage", "finalize", "--user", "nora");
    const { client } = await world.connect();
    const objects = parseAllDocuments(out).map((document) => document.toJS());
    await applyObjects(client, objects);
    const missing = async () => {
      const noras = await world.connect(null, world.lab.signIn({ username: "nora", groups: [] }).token);
      const asked = await askPermissions(noras.client, onFlannel, new AbortController().signal);
      return asked.filter(({ allowed }) => !allowed).map(({ verb, resource }) => `${verb} ${resource}`);
    };
    expect(await missing()).toEqual([]);
    const narrow = (rule: { readonly verbs: readonly string[] }) =>
      rule.verbs.includes("escalate")
        ? [
            { ...rule, verbs: rule.verbs.filter((verb) => verb !== "escalate") },
            { ...rule, verbs: ["escalate"], resourceNames: ["cilium", "cilium-operator"] },
          ]
        : [rule];
    const narrowed = objects.map(({ rules, ...object }) => ({
      ...object,
      ...(rules && { rules: rules.flatMap(narrow) }),
    }));
    await applyObjects(client, narrowed);
    expect(await missing()).toEqual(["escalate clusterroles", "escalate roles"]);
  });

  test("a panel beside somebody else's run sees it live with the role of watch, and asks with the one of ask", async () => {
    const give = async (stage: string, user: string) => {
      const { out } = await crossfade({}, "rbac", "--source", "flannel", "--stage", stage, "--user", user);
      const { client } = await world.connect();
      await applyObjects(
        client,
        parseAllDocuments(out).map((document) => document.toJS()),
      );
      const cluster = await world.connect(null, world.lab.signIn({ username: user, groups: [] }).token);
      return ClusterLink.open(world.ports(cluster));
    };
    // Its own connection: the one of the engine before was closed to writes with its lease.
    const run = world.start({ consents: ["nodes"], cluster: await world.connect(), holder: "tester@lab/2" });
    const [onlooker, asker] = [await give("view", "wally"), await give("request", "asta")];
    await world.until(
      "the onlooker to see the runner",
      () => onlooker?.state.runner?.holder === "tester@lab/2" && onlooker.state.link.state === "live",
    );
    const refused = await onlooker
      ?.ask({ request: "pause", by: "wally" })
      .catch((error: unknown) => saidOf(error).message);
    expect(refused).toMatch(/configmaps "observers" is forbidden: User "wally" cannot patch/);
    expect(await asker?.ask({ request: "pause", by: "asta" })).toBeNull();
    await world.until("the pause to be seen", () => onlooker?.state.pace !== "running");
    expect(run.state.pace).not.toBe("running");
    const verbs = (name: string) =>
      new Set(used.filter((use) => use.username === name).map(({ question }) => question.verb));
    expect([...verbs("wally")].toSorted()).toEqual(["get", "list", "watch"]);
    expect([...verbs("asta")].toSorted()).toEqual(["get", "list", "patch", "watch"]);
    onlooker?.close();
    asker?.close();
  });

  test("policies are applied and removed again with the rights of --with-policies, which are all used, and not without", async () => {
    const give = async (...more: readonly string[]) => {
      const flags = ["--source", "flannel", "--stage", "operate", "--user", "polly", ...more];
      const { out } = await crossfade({}, "rbac", ...flags);
      const { client } = await world.connect();
      await applyObjects(
        client,
        parseAllDocuments(out).map((document) => document.toJS()),
      );
    };
    const draft = (kind: string, namespace: string | null, spec: object) => ({
      apiVersion: "cilium.io/v2",
      kind,
      metadata: { name: "polly", ...(namespace === null ? {} : { namespace }) },
      ...spec,
    });
    const everyone = { spec: { endpointSelector: {}, ingress: [{ fromEntities: ["cluster"] }] } };
    const drafts = [
      draft("CiliumCIDRGroup", null, { spec: { externalCIDRs: ["192.0.2.0/24"] } }),
      draft("CiliumClusterwideNetworkPolicy", null, everyone),
      draft("CiliumNetworkPolicy", "default", everyone),
    ];
    const file = join(folder, "drafts.yaml");
    writeFileSync(file, drafts.map((one) => JSON.stringify(one)).join("\n---\n"));
    const policies = (...argv: readonly string[]) =>
      crossfade({ KUBECONFIG: kubeconfigOf("polly") }, "policies", ...argv, "--yes");
    await give();
    const refused = await policies("apply", file);
    expect(refused.code).not.toBe(0);
    expect(refused.err).toMatch(/is forbidden: User "polly" cannot get/);
    await give("--with-policies");
    const applied = await policies("apply", file);
    expect([applied.code, complaintsIn(applied.err)]).toEqual([0, []]);
    const removed = await policies("rollback");
    expect([removed.code, complaintsIn(removed.err)]).toEqual([0, []]);
    const uses = used.flatMap(({ username, question }) =>
      username === "polly" && "group" in question ? [`${question.verb} ${question.resource}`] : [],
    );
    const rights = draftRights.flatMap(({ resource, verbs }) => verbs.map((verb) => `${verb} ${resource}`));
    expect(rights.filter((right) => !uses.includes(right))).toEqual([]);
  });

  test("a user without any role is told so in one sentence", async () => {
    const status = await crossfade({ KUBECONFIG: kubeconfigOf("nobody") }, "status");
    expect(status.code).not.toBe(0);
    expect(status.err).toMatch(
      /does not let context crossfade-lab read the cluster: nodes is forbidden: User "nobody"/,
    );
  });
});

describe("what is printed", () => {
  test.each(["view", "request", "operate", "finalize"])(
    "%s is YAML of RBAC objects, bound to whom one says",
    async (stage) => {
      const { code, out } = await crossfade({}, "rbac", "--source", "flannel", "--stage", stage, "--group", "movers");
      expect(code).toBe(0);
      const objects = parseAllDocuments(out).map((document) => document.toJS());
      const bindings = objects.filter(({ kind }) => kind.endsWith("Binding"));
      expect(bindings.length).toBeGreaterThanOrEqual(2);
      for (const { subjects } of bindings)
        expect(subjects).toEqual([{ kind: "Group", name: "movers", apiGroup: "rbac.authorization.k8s.io" }]);
      // Everything may be listed in the old CNI's own namespace, which goes with all that is in it; nothing else is that wide.
      const wide = objects.filter((object) => JSON.stringify(object.rules ?? []).includes("*"));
      for (const { kind, metadata, rules } of wide) {
        expect([kind, metadata.namespace]).toEqual(["Role", "kube-flannel"]);
        expect(rules).toEqual([{ apiGroups: ["*"], resources: ["*"], verbs: ["list"] }]);
      }
    },
  );

  test("owners that may be held still are named one by one, and nothing else of their kind may be changed", async () => {
    const flags = ["--freeze-owner", "Deployment/cluster-autoscaler", "--freeze-owner", "application/cni"];
    const { out } = await crossfade({}, "rbac", "--source", "flannel", "--user", "ana", ...flags);
    const rules = parseAllDocuments(out).flatMap((document) => document.toJS().rules ?? []);
    const ofDeployments = rules.filter(({ resourceNames = [] }) => resourceNames.includes("cluster-autoscaler"));
    expect(ofDeployments).toEqual([
      {
        apiGroups: ["apps"],
        resources: ["deployments"],
        verbs: ["get", "patch"],
        resourceNames: ["cluster-autoscaler"],
      },
    ]);
    expect(
      rules.some(({ resources, resourceNames }) => resources[0] === "applications" && resourceNames?.[0] === "cni"),
    ).toBe(true);
  });

  test.each(["operate", "finalize"])(
    "the role of stage %s is of one source CNI, which must be named",
    async (stage) => {
      const { code, err } = await crossfade({}, "rbac", "--stage", stage);
      expect([code, err]).toEqual([2, expect.stringMatching(/--source does not say which CNI.*--source flannel/s)]);
    },
  );

  test("a name that is YAML of its own stays a name", async () => {
    const name = 'x"\n---\nkind: ClusterRoleBinding # {a: *b}';
    const { out } = await crossfade({}, "rbac", "--source", "flannel", "--user", name);
    const objects = parseAllDocuments(out).map((document) => document.toJS());
    expect(objects.filter(({ subjects }) => subjects).every(({ subjects }) => subjects[0].name === name)).toBe(true);
  });

  test.each([
    [["--user", "a", "--group", "b"], /--user and --group are given/],
    [["--service-account", "no-slash"], /is not NAMESPACE\/NAME/],
    [["--cilium-namespace", "Kube System"], /is no name of Kubernetes/],
    [["--stage", "all"], /--stage all is not known/],
    [["--freeze-owner", "cluster-autoscaler"], /is not KIND\/NAME/],
    [["--freeze-owner", "secret/token"], /is not KIND\/NAME/],
  ] as const)("%j is refused", async (flags, why) => {
    const { code, err } = await crossfade({}, "rbac", "--source", "flannel", ...flags);
    expect([code, err]).toEqual([2, expect.stringMatching(why)]);
  });
});

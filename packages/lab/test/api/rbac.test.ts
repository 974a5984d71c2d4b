import { once } from "node:events";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import type { Identity } from "../../api/access/identity.ts";
import type { PolicyRule } from "../../api/access/policy-rule.ts";
import type { SignedIn } from "../../api/server.ts";
import { bootstrapRoles } from "../../seed/bootstrap-roles.ts";
import { plant } from "../../seed/seed-world.ts";
import { type Answer, type ApiUnderTest, startApi } from "./api-under-test.ts";

const group = "rbac.authorization.k8s.io";
const jane: Identity = { username: "jane", groups: ["ops"] };
type Rule = Partial<PolicyRule>;

const core = (resources: string, verbs: string, more: Rule = {}): Rule => ({
  apiGroups: [""],
  resources: resources.split(" "),
  verbs: verbs.split(" "),
  ...more,
});

/** Gives jane these rules: in the whole cluster, or in one namespace. */
function grant(api: ApiUnderTest, rules: readonly Rule[], namespace: string | null = null, name = "hers"): void {
  const place = namespace === null ? {} : { namespace };
  const kind = namespace === null ? "ClusterRole" : "Role";
  const plural = `${group}/${kind.toLowerCase()}s`;
  api.store.create(plural, { apiVersion: `${group}/v1`, kind, metadata: { name, ...place }, rules });
  api.store.create(`${group}/${kind.toLowerCase()}bindings`, {
    apiVersion: `${group}/v1`,
    kind: `${kind}Binding`,
    metadata: { name, ...place },
    roleRef: { apiGroup: group, kind, name },
    subjects: [{ kind: "User", name: "jane", apiGroup: group }],
  });
}

type Ask = (path: string, method?: string, body?: unknown, type?: string) => Promise<readonly [number, Answer]>;

function asker(api: ApiUnderTest, { token }: SignedIn): Ask {
  return async (path, method = "GET", body, type = "application/json") => {
    const answer = await fetch(api.server.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return [answer.status, (await answer.json()) as Answer];
  };
}

async function signedIn(rules: readonly Rule[] = [], namespace: string | null = null) {
  const api = await startApi();
  plant(api.store, bootstrapRoles());
  if (rules.length > 0) grant(api, rules, namespace);
  return { api, ask: asker(api, api.server.signIn(jane)), [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
}

/** The words of upstream's responsewriters/errors.go. */
test.for([
  [
    "/api/v1/nodes",
    "GET",
    'nodes is forbidden: User "jane" cannot list resource "nodes" in API group "" at the cluster scope',
  ],
  [
    "/api/v1/nodes?watch=1",
    "GET",
    'nodes is forbidden: User "jane" cannot watch resource "nodes" in API group "" at the cluster scope',
  ],
  [
    "/api/v1/namespaces/d/pods/p",
    "DELETE",
    'pods "p" is forbidden: User "jane" cannot delete resource "pods" in API group "" in the namespace "d"',
  ],
  [
    "/api/v1/namespaces/d/pods",
    "DELETE",
    'pods is forbidden: User "jane" cannot deletecollection resource "pods" in API group "" in the namespace "d"',
  ],
  [
    "/api/v1/namespaces/d/pods/p/eviction",
    "POST",
    'pods "p" is forbidden: User "jane" cannot create resource "pods/eviction" in API group "" in the namespace "d"',
  ],
  [
    "/apis/apps/v1/namespaces/d/deployments",
    "POST",
    'deployments.apps is forbidden: User "jane" cannot create resource "deployments" in API group "apps" in the namespace "d"',
  ],
  [
    "/apis/no.such/v1/things/x",
    "PATCH",
    'things.no.such "x" is forbidden: User "jane" cannot patch resource "things" in API group "no.such" at the cluster scope',
  ],
  [
    "/api/v1/namespaces/d",
    "GET",
    'namespaces "d" is forbidden: User "jane" cannot get resource "namespaces" in API group "" in the namespace "d"',
  ],
  ["/metrics", "GET", 'forbidden: User "jane" cannot get path "/metrics"'],
  ["/lab/state", "GET", 'forbidden: User "jane" cannot get path "/lab/state"'],
] as const)("%s %s is 403 in upstream's words", async ([path, method, message]) => {
  await using user = await signedIn();
  const [code, status] = await user.ask(path, method, method === "GET" ? undefined : {});
  expect([code, status.reason, status.message]).toEqual([403, "Forbidden", message]);
});

test("everybody may discover the API and ask what they may", async () => {
  await using user = await signedIn([core("pods", "list")], "d");
  expect((await user.ask("/apis/apps/v1"))[0]).toBe(200);
  const review = async (attributes: Record<string, string>) =>
    (
      await user.ask("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "POST", {
        spec: { resourceAttributes: attributes },
      })
    )[1].status;
  expect(await review({ verb: "list", resource: "pods", namespace: "d" })).toEqual({
    allowed: true,
    reason: 'RBAC: allowed by RoleBinding "hers/d" of Role "hers" to User "jane"',
  });
  expect(await review({ verb: "list", resource: "pods" })).toEqual({ allowed: false });
  expect(await review({ verb: "list", resource: "pods", subresource: "exec", namespace: "d" })).toEqual({
    allowed: false,
  });
  const [, rules] = await user.ask("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", "POST", {
    spec: { namespace: "d" },
  });
  expect(rules.status.resourceRules).toContainEqual({ verbs: ["list"], apiGroups: [""], resources: ["pods"] });
  expect(rules.status.nonResourceRules[0].verbs).toEqual(["get"]);
});

test("a name in a rule allows that object, and a list or watch of it by field selector", async () => {
  await using user = await signedIn([core("configmaps", "get list watch create", { resourceNames: ["one"] })]);
  user.api.store.create("configmaps", {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "one", namespace: "d" },
  });
  const maps = "/api/v1/namespaces/d/configmaps";
  expect((await user.ask(`${maps}/one`))[0]).toBe(200);
  expect((await user.ask(`${maps}/two`))[0]).toBe(403);
  expect((await user.ask(maps))[0]).toBe(403);
  expect((await user.ask(`${maps}?fieldSelector=metadata.name%3Done`))[0]).toBe(200);
  // A create has no name yet when it is authorized.
  expect((await user.ask(maps, "POST", { metadata: { name: "one" } }))[0]).toBe(403);
});

test("a ClusterRole bound in a namespace holds there alone", async () => {
  await using user = await signedIn();
  const { store } = user.api;
  const role = {
    apiVersion: `${group}/v1`,
    kind: "ClusterRole",
    metadata: { name: "reader" },
    rules: [core("pods", "*")],
  };
  store.create(`${group}/clusterroles`, role);
  store.create(`${group}/rolebindings`, {
    apiVersion: `${group}/v1`,
    kind: "RoleBinding",
    metadata: { name: "r", namespace: "d" },
    roleRef: { apiGroup: group, kind: "ClusterRole", name: "reader" },
    subjects: [{ kind: "Group", name: "ops", apiGroup: group }],
  });
  expect((await user.ask("/api/v1/namespaces/d/pods"))[0]).toBe(200);
  expect((await user.ask("/api/v1/pods"))[0]).toBe(403);
});

test("an apply or a PUT that would create needs the right to create too", async () => {
  await using user = await signedIn([core("configmaps", "patch update")]);
  const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "new" } };
  const [code, status] = await user.ask(
    "/api/v1/namespaces/d/configmaps/new?fieldManager=t",
    "PATCH",
    map,
    "application/apply-patch+yaml",
  );
  expect([code, status.message]).toEqual([
    403,
    'configmaps "new" is forbidden: User "jane" cannot create resource "configmaps" in API group "" in the namespace "d"',
  ]);
});

const roles = `/apis/${group}/v1/clusterroles`;
const bindings = `/apis/${group}/v1/clusterrolebindings`;
const roleOf = (rules: readonly Rule[]) => ({ metadata: { name: "more" }, rules });
const bindingOf = (role: string) => ({
  metadata: { name: "more" },
  roleRef: { apiGroup: group, kind: "ClusterRole", name: role },
  subjects: [{ kind: "User", name: "jane", apiGroup: group }],
});
const rbacWriter = (verbs: string): Rule => ({
  apiGroups: [group],
  resources: ["clusterroles", "clusterrolebindings"],
  verbs: verbs.split(" "),
});

test("nobody writes a role with rights that they have not, nor binds one", async () => {
  await using user = await signedIn([rbacWriter("create patch update"), core("pods", "list")]);
  const [code, status] = await user.ask(roles, "POST", roleOf([core("secrets", "get")]));
  expect([code, status.message]).toEqual([
    403,
    'clusterroles.rbac.authorization.k8s.io "more" is forbidden: user "jane" (groups=["ops" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}',
  ]);
  expect((await user.ask(bindings, "POST", bindingOf("cluster-admin")))[0]).toBe(403);
  expect((await user.ask(roles, "POST", roleOf([core("pods", "list")])))[0]).toBe(201);
  const wider = await user.ask(`${roles}/hers`, "PATCH", { rules: [core("*", "*")] }, "application/merge-patch+json");
  expect(wider[0]).toBe(403);
});

test("escalate and bind lift that", async () => {
  await using user = await signedIn([rbacWriter("create escalate bind")]);
  expect((await user.ask(roles, "POST", roleOf([core("secrets", "get")])))[0]).toBe(201);
  expect((await user.ask(bindings, "POST", bindingOf("cluster-admin")))[0]).toBe(201);
  expect((await user.ask("/api/v1/secrets"))[0]).toBe(200);
});

/** RoleEscalationAuthorized of upstream's pkg/registry/rbac/escalation_check.go asks by the request's name, and a POST has none. */
test("escalate by names lets nobody create a role, only change it", async () => {
  const named = { apiGroups: [group], resources: ["clusterroles"], verbs: ["escalate"], resourceNames: ["more"] };
  await using user = await signedIn([rbacWriter("create patch"), named]);
  const wanted = roleOf([core("secrets", "get"), core("nodes", "list")]);
  const [code, status] = await user.ask(roles, "POST", wanted);
  expect([code, status.message]).toEqual([
    403,
    expect.stringMatching(/not currently held:\n\{APIGroups.*nodes.*\}\n\{APIGroups.*secrets.*\}$/),
  ]);
  // A server-side apply creates by a request that has a name.
  const applied = await user.ask(
    `${roles}/more?fieldManager=t`,
    "PATCH",
    { apiVersion: `${group}/v1`, kind: "ClusterRole", ...wanted },
    "application/apply-patch+yaml",
  );
  expect(applied[0]).toBe(201);
});

test("bind by names is asked by the role that a binding refers to, in the binding's namespace", async () => {
  const named = { apiGroups: [group], resources: ["clusterroles"], verbs: ["bind"], resourceNames: ["cluster-admin"] };
  await using user = await signedIn([rbacWriter("create"), named]);
  expect((await user.ask(bindings, "POST", bindingOf("cluster-admin")))[0]).toBe(201);
  await using narrow = await signedIn(
    [{ apiGroups: [group], resources: ["rolebindings"], verbs: ["create"] }, named],
    "d",
  );
  expect((await narrow.ask(`/apis/${group}/v1/namespaces/d/rolebindings`, "POST", bindingOf("cluster-admin")))[0]).toBe(
    201,
  );
  expect((await narrow.ask(bindings, "POST", bindingOf("cluster-admin")))[0]).toBe(403);
});

test("a service account's token works until its account is gone, and no forged one does", async () => {
  await using user = await signedIn();
  const { api } = user;
  api.store.create("serviceaccounts", {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "a", namespace: "d" },
  });
  const [, answer] = await api.ask("/api/v1/namespaces/d/serviceaccounts/a/token", "POST", { spec: {} });
  const { token } = answer.status as { readonly token: string };
  const who = async (bearer: string) => {
    const asked = await asker(api, { token: bearer } as SignedIn)(
      "/apis/authentication.k8s.io/v1/selfsubjectreviews",
      "POST",
      {},
    );
    return asked[0] === 201 ? asked[1].status.userInfo.username : asked[0];
  };
  expect(await who(token)).toBe("system:serviceaccount:d:a");
  const [head, body] = token.split(".");
  expect(await who(`${head}.${body}.${"x".repeat(43)}`)).toBe(401);
  api.store.delete("serviceaccounts", "d", "a");
  expect(await who(token)).toBe(401);
});

test("a client certificate says user and groups", async () => {
  await using user = await signedIn([core("pods", "list")]);
  const { server } = user.api;
  const status = async ({ certificate }: SignedIn) => {
    const asked = request(`${server.secureUrl}/api/v1/pods`, { ...certificate, ca: server.certificateAuthority });
    asked.end();
    const [answer] = await once(asked, "response");
    return [answer.statusCode, JSON.parse(await text(answer)).message];
  };
  expect((await status(server.signIn(jane)))[0]).toBe(200);
  const [code, message] = await status(server.signIn({ username: "joe", groups: ["a", "b"] }));
  expect([code, message]).toEqual([403, expect.stringContaining('User "joe" cannot list')]);
});

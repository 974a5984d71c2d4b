import { expect, test } from "vitest";
import { startApi } from "./api-under-test.ts";

const group = "rbac.authorization.k8s.io";

/** Jane may list pods, by a role. */
const janesRole = [
  {
    apiVersion: `${group}/v1`,
    kind: "ClusterRole",
    metadata: { name: "reader" },
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["list"] }],
  },
  {
    apiVersion: `${group}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name: "reader" },
    roleRef: { apiGroup: group, kind: "ClusterRole", name: "reader" },
    subjects: [{ kind: "User", name: "jane", apiGroup: group }],
  },
] as const;

test("a server that was restarted is away, then lets in nobody but system:masters until its roles are known", async () => {
  await using api = await startApi();
  for (const object of janesRole) api.store.create(`${group}/${object.kind.toLowerCase()}s`, object);
  const { token } = api.server.signIn({ username: "jane", groups: [] });
  const code = (bearer: string) =>
    fetch(`${api.server.url}/api/v1/pods`, { headers: { authorization: `Bearer ${bearer}` } }).then(
      (answer) => answer.status,
      () => "cut",
    );
  const codes = async () => [await code(token), await code("t")];
  expect(await codes()).toEqual([200, 200]);
  api.server.restart({ awayMs: 40_000, unsyncedMs: 5_000 });
  expect(await codes()).toEqual(["cut", "cut"]);
  await api.clock.advance(40_000);
  expect(await codes()).toEqual([403, 200]);
  await api.clock.advance(5_000);
  expect(await codes()).toEqual([200, 200]);
});

test("until its roles are known it refuses everybody what everybody may ask, /readyz and /version", async () => {
  await using api = await startApi();
  const { token } = api.server.signIn({ username: "jane", groups: [] });
  const code = (path: string, bearer?: string) =>
    fetch(`${api.server.url}${path}`, {
      headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
    }).then(
      (answer) => answer.status,
      () => "cut",
    );
  const codes = async () => [
    await code("/readyz", token),
    await code("/version", token),
    await code("/readyz"),
    await code("/version", "t"),
  ];
  expect(await codes()).toEqual([200, 200, 200, 200]);
  api.server.restart({ awayMs: 1_000, unsyncedMs: 5_000 });
  expect(await codes()).toEqual(["cut", "cut", "cut", "cut"]);
  await api.clock.advance(1_000);
  expect(await codes()).toEqual([403, 403, 403, 200]);
  await api.clock.advance(5_000);
  expect(await codes()).toEqual([200, 200, 200, 200]);
});

test("a restart of the server cuts the watches that are open", async () => {
  await using api = await startApi();
  const watch = await api.watch("/api/v1/pods?watch=true");
  api.server.restart({ awayMs: 1_000, unsyncedMs: 0 });
  expect(await watch.next().catch(() => null)).toBeNull();
});

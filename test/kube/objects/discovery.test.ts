import { expect, test } from "vitest";
import { Discovery } from "../../../src/kube/objects/discovery.ts";
import { NodeConfigs } from "../../../src/kube/ports/node-configs.ts";
import { clientOf } from "../support/client-of.ts";
import { FakeServer, json, status } from "../support/fake-server.ts";

/** An API server whose Cilium kinds come one by one, version → plurals. */
async function serving(served: Record<string, string[]>) {
  const server = await FakeServer.start((seen, response) => {
    if (seen.path === "/apis") {
      const versions = Object.keys(served).map((version) => ({ version }));
      return json(response, 200, {
        groups: versions.length === 0 ? [] : [{ name: "cilium.io", versions, preferredVersion: versions[0] }],
      });
    }
    const plurals = served[seen.path.split("/").at(-1) ?? ""];
    if (plurals === undefined) return status(response, 404, "NotFound");
    return json(response, 200, { resources: plurals.map((name) => ({ name, kind: name, namespaced: true })) });
  });
  const client = clientOf(server.url);
  return {
    configs: new NodeConfigs(client, new Discovery(client)),
    async [Symbol.asyncDispose]() {
      await client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

const both = ["ciliumnodes", "ciliumnodeconfigs"];
const cases: readonly [what: string, served: Record<string, string[]>, version: string | null][] = [
  ["no Cilium", {}, null],
  ["1.15 serves v2alpha1 only", { v2: ["ciliumnodes"], v2alpha1: ["ciliumnodeconfigs"] }, "v2alpha1"],
  ["1.18 serves both, v2 is preferred", { v2: both, v2alpha1: ["ciliumnodeconfigs"] }, "v2"],
  ["1.20 serves v2 only", { v2: both }, "v2"],
];

test.each(cases)("%s", async (_what, served, version) => {
  await using all = await serving(served);
  expect(await all.configs.version()).toBe(version);
});

test("a CRD that comes after its neighbours is seen as soon as it is served", async () => {
  const served = { v2: ["ciliumnodes"] };
  await using all = await serving(served);
  expect(await all.configs.version()).toBeNull();
  served.v2.push("ciliumnodeconfigs");
  expect(await all.configs.version()).toBe("v2");
});

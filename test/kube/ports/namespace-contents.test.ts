import { expect, test } from "vitest";
import { Discovery } from "../../../src/kube/objects/discovery.ts";
import { namespaceContents } from "../../../src/kube/ports/namespace-contents.ts";
import { clientOf } from "../support/client-of.ts";
import { FakeServer, json, status } from "../support/fake-server.ts";

const secrets = { name: "secrets", kind: "Secret", namespaced: true, verbs: ["list", "delete"] };
const pull = { metadata: { name: "pull" } };

/** A namespace with one Secret, whose list is refused so many times first. */
const refusing = (times: number) => {
  let left = times;
  return FakeServer.start(({ path }, response) => {
    if (path === "/apis") return json(response, 200, { kind: "APIGroupList", groups: [] });
    if (path === "/api/v1") return json(response, 200, { kind: "APIResourceList", resources: [secrets] });
    if (left-- > 0) return status(response, 502, "BadGateway", { retryAfter: 0 });
    return json(response, 200, { kind: "SecretList", metadata: {}, items: [pull] });
  });
};

test.each([
  ["is asked again where the answer decides", { retry: true }, { names: ["pull"], unknown: [] }],
  [
    "is unknown to a sweep that asks once",
    { retry: false },
    { names: [], unknown: [expect.stringMatching(/^Secret \(502 /)] },
  ],
])("a kind whose list fails once %s", async (_, options, wanted) => {
  await using server = await refusing(1);
  const client = clientOf(server.url);
  const { objects, unknown } = await namespaceContents(client, new Discovery(client), "kube-flannel", options);
  expect({ names: objects.map(({ name }) => name), unknown }).toEqual(wanted);
});

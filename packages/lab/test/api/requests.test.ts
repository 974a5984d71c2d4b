import { expect, test } from "vitest";
import { parseRoute } from "../../api/route.ts";
import { negotiate } from "../../api/serve/accept.ts";
import { decodeBody, decodePatch } from "../../api/serve/read-body.ts";

test.for([
  ["/api/v1/pods", { group: "", version: "v1", plural: "pods", namespace: null, name: null, subresource: null }],
  ["/api/v1/namespaces", { plural: "namespaces", namespace: null, name: null }],
  ["/api/v1/namespaces/d", { plural: "namespaces", namespace: null, name: "d", subresource: null }],
  ["/api/v1/namespaces/d/finalize", { plural: "namespaces", name: "d", subresource: "finalize" }],
  ["/api/v1/namespaces/d/pods/p/log", { plural: "pods", namespace: "d", name: "p", subresource: "log" }],
  ["/apis/apps/v1/namespaces/d/deployments/", { group: "apps", plural: "deployments", namespace: "d", name: null }],
  ["/apis/cilium.io/v2/ciliumnodes/n%2F1", { group: "cilium.io", version: "v2", plural: "ciliumnodes", name: "n/1" }],
  ["/api/v1/nodes/n1/status", { plural: "nodes", name: "n1", subresource: "status" }],
] as const)("%s is a resource's path", ([path, parts]) => {
  expect(parseRoute(path)).toMatchObject({ kind: "resource", ...parts });
});

test.for([
  ["/api", { kind: "core-versions" }],
  ["/apis/", { kind: "group-list" }],
  ["/apis/apps", { kind: "group", group: "apps" }],
  ["/apis/apps/v1", { kind: "group-version", group: "apps", version: "v1" }],
  ["/openapi/v3/apis/apps/v1", { kind: "openapi-document", group: "apps", version: "v1" }],
  ["/openapi/v3/api/v1", { kind: "openapi-document", group: "", version: "v1" }],
  ["/openapi/v2", { kind: "unknown" }],
  ["/livez/ping", { kind: "health" }],
  ["/lab/faults", { kind: "control" }],
  ["/", { kind: "unknown" }],
] as const)("%s is known", ([path, route]) => {
  expect(parseRoute(path)).toEqual(route);
});

const table = "application/json;as=Table;v=v1;g=meta.k8s.io";
test.for([
  [undefined, "json", null],
  ["*/*", "json", null],
  ["application/vnd.kubernetes.protobuf,application/json", "json", null],
  [`${table},application/json`, "json", "Table"],
  ["application/json;as=Table;v=v9;g=meta.k8s.io,application/json", "json", null],
  ["application/yaml", "yaml", null],
  ["application/json;q=0.1,application/yaml", "yaml", null],
  [
    "application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io,application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
    "json",
    "PartialObjectMetadata",
  ],
] as const)("Accept: %s is answered as %s, %s", ([accept, media, as]) => {
  expect(negotiate(accept)).toMatchObject({ media, as });
});

test("what cannot be written is refused with 406", () => {
  expect(() => negotiate("application/cbor")).toThrow(expect.objectContaining({ code: 406 }));
});

test("bodies are read by their media type", () => {
  const yaml = Buffer.from("kind: ConfigMap\ndata: {a: yes}\n");
  expect(decodeBody(yaml, "application/yaml")).toEqual({ kind: "ConfigMap", data: { a: true } });
  expect(decodeBody(Buffer.from('{"a":1}'), "application/json; charset=utf-8")).toEqual({ a: 1 });
  expect(decodeBody(Buffer.alloc(0), "application/json")).toBeUndefined();
  expect(() => decodeBody(Buffer.from("{"), "application/json")).toThrow(expect.objectContaining({ code: 400 }));
  expect(() => decodeBody(Buffer.from("x"), "text/plain")).toThrow(expect.objectContaining({ code: 415 }));
});

test("patches are told apart by their media type", () => {
  const apply = decodePatch(Buffer.from("kind: X\n"), "application/apply-patch+yaml");
  expect(apply).toEqual({ type: "apply", body: { kind: "X" } });
  expect(decodePatch(Buffer.from("[]"), "application/json-patch+json").type).toBe("json");
  expect(() => decodePatch(Buffer.from("{}"), "application/json")).toThrow(expect.objectContaining({ code: 415 }));
});

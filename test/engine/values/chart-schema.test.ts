import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/engine/model/plan-types.ts";
import { unknownKeys } from "../../../src/engine/values/chart-schema.ts";

/** As Cilium's is made: from the defaults, with no map closed. */
const schema: JsonObject = {
  properties: {
    cni: { type: "object", properties: { exclusive: { type: "boolean" }, binPath: { type: "string" } } },
    hubble: {
      type: "object",
      properties: {
        relay: {
          type: "object",
          properties: {
            affinity: { properties: { podAffinity: { type: "object" } } },
            podSecurityContext: { properties: { fsGroup: {} } },
            rollOutPods: { type: "boolean" },
          },
        },
      },
    },
    nodeSelector: { type: "object", properties: { "kubernetes.io/os": { type: "string" } } },
    podAnnotations: { type: "object" },
    extraConfig: { type: "object", properties: { known: {} }, additionalProperties: true },
  },
};

test.each<[string, JsonObject, readonly string[], readonly string[]]>([
  ["a known name", { cni: { exclusive: true } }, [], []],
  ["a typing error at the top", { cnii: {} }, ["cnii is no value of the chart: did you mean cni?"], []],
  [
    "one three maps deep",
    { hubble: { relay: { rollOutPod: true } } },
    ["hubble.relay.rollOutPod is no value of the chart: did you mean hubble.relay.rollOutPods?"],
    [],
  ],
  [
    "a name of another version",
    { brandNewFeature: {} },
    [],
    ["brandNewFeature is no value that the chart's schema has"],
  ],
  ["a map that is left open", { podAnnotations: { "a/b": "c" }, extraConfig: { knwon: "x" } }, [], []],
  [
    "what Kubernetes names",
    { hubble: { relay: { affinity: { nodeAffinity: {} }, podSecurityContext: { fsGroups: 1 } } } },
    [],
    [],
  ],
  ["labels of nodes", { nodeSelector: { "kubernetes.io/osx": "linux" } }, [], []],
  [
    "a name of JavaScript's own",
    { toString: "x" } as JsonObject,
    [],
    ["toString is no value that the chart's schema has"],
  ],
])("%s: %j", (_what, user, refused, warnings) => {
  expect(unknownKeys(user, schema)).toEqual({ refused, warnings });
});

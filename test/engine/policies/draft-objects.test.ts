import { describe, expect, test } from "vitest";
import {
  appliedIn,
  asDraft,
  draftLabel,
  inOrder,
  originAnnotation,
} from "../../../src/engine/policies/draft-objects.ts";

const policy = {
  apiVersion: "cilium.io/v2",
  kind: "CiliumNetworkPolicy",
  metadata: { name: "web", namespace: "shop" },
  spec: {},
};
const group = { apiVersion: "cilium.io/v2alpha1", kind: "CiliumCIDRGroup", metadata: { name: "office" }, spec: {} };

test("a draft bears our label and where it comes from, and nothing that the server writes", () => {
  expect(asDraft({ ...policy, status: { conditions: [] } }, "web.yaml")).toEqual({
    ref: { apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy", namespace: "shop", name: "web" },
    origin: "web.yaml",
    object: {
      ...policy,
      metadata: {
        ...policy.metadata,
        labels: { [draftLabel]: "true" },
        annotations: { [originAnnotation]: "web.yaml" },
      },
    },
  });
});

test("one that says where it comes from keeps that", () => {
  const annotations = { [originAnnotation]: "globalnetworkpolicies.example.org deny" };
  expect(asDraft({ ...policy, metadata: { ...policy.metadata, annotations } }, "x.yaml")).toMatchObject({
    origin: "globalnetworkpolicies.example.org deny",
  });
});

test.each([
  [3, "no-object"],
  [null, "no-object"],
  [[], "no-object"],
  [{ kind: "CiliumNetworkPolicy" }, "no-object"],
  [{ ...policy, kind: "Pod" }, "other-kind"],
  [{ ...policy, kind: "toString" }, "other-kind"],
  [{ ...policy, apiVersion: "cilium.io/v1" }, "other-kind"],
  [{ ...policy, metadata: 3 }, "no-name"],
  [{ ...policy, metadata: { name: "a" } }, "no-namespace"],
  [{ ...policy, metadata: { ...policy.metadata, uid: "1" } }, "generated"],
] as const)("%j is none: %s", (value, expected) => expect(asDraft(value as never, "x")).toBe(expected));

test("groups come before the policies that refer to them", () => {
  const drafts = [policy, group].map((one) => asDraft(one, "x")).filter((one) => typeof one !== "string");
  expect(inOrder(drafts).map(({ ref }) => ref.kind)).toEqual(["CiliumCIDRGroup", "CiliumNetworkPolicy"]);
});

describe("what policies apply made", () => {
  const made = (managers: readonly object[], labels: object = { [draftLabel]: "true" }) => ({
    ...policy,
    metadata: { ...policy.metadata, uid: "7", labels, managedFields: managers },
  });
  const ours = { manager: "crossfade", operation: "Apply" };
  test.each([
    ["ours", made([ours]), [[]]],
    ["changed since", made([ours, { manager: "kubectl-edit", operation: "Update" }]), [["kubectl-edit"]]],
    [
      "with a status that an operator writes",
      made([ours, { manager: "cilium-operator", operation: "Update", subresource: "status" }]),
      [[]],
    ],
    ["another's with our label", made([{ manager: "kubectl", operation: "Apply" }]), []],
    ["ours without the label", made([ours], {}), []],
    ["an object that says nothing", {}, []],
  ])("%s", (_what, object, expected) =>
    expect(appliedIn([object as never]).map(({ others }) => others)).toEqual(expected),
  );
});

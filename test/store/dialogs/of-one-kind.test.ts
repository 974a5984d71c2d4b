import { expect, test } from "vitest";
import type { PlannedChange } from "../../../src/engine/model/plan-types.ts";
import { ofOneKind } from "../../../src/store/dialogs/of-one-kind.ts";

const goes = (kind: string, name: string, namespace: string | null = null, what = "own"): PlannedChange => ({
  verb: "delete",
  kind,
  namespace,
  name,
  what,
  phase: "remove-source",
  rollback: null,
});
const crd = (name: string) => goes("CustomResourceDefinition", name);

test("what follows each other and is of one kind is one line that names all; another group, namespace or purpose is another line", () => {
  const changes = [
    goes("DaemonSet", "net", "kube-system"),
    goes("ServiceAccount", "a", "kube-system"),
    goes("ServiceAccount", "b", "kube-system"),
    goes("ServiceAccount", "c", "other"),
    goes("PodSecurityPolicy", "p"),
    goes("PodSecurityPolicy", "q"),
    crd("pools.net.example"),
    crd("blocks.net.example"),
    crd("installs.op.example"),
    goes("File", "/a", null, "one"),
    goes("File", "/b", null, "two"),
  ];
  expect(ofOneKind(changes).map(({ objects }) => objects)).toEqual([
    "DaemonSet kube-system/net",
    "2 ServiceAccounts in kube-system: a, b",
    "ServiceAccount other/c",
    "2 PodSecurityPolicies: p, q",
    "2 CustomResourceDefinitions of net.example: pools, blocks",
    "CustomResourceDefinition installs.op.example",
    "File /a",
    "File /b",
  ]);
});

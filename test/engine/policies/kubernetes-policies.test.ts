import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/engine/model/plan-types.ts";
import type { PolicyCode } from "../../../src/engine/model/policies/policy-codes.ts";
import { policiesOf } from "../../../src/engine/policies/inventory.ts";
import { explainPolicy } from "../../../src/words/policies/policy-words.ts";
import { aPolicy, aPolicyWorld } from "../../support/policies.ts";

const kind = "networkpolicies.networking.k8s.io";
const web = { matchLabels: { app: "web" } };

const read = (spec: JsonObject, over: Parameters<typeof aPolicyWorld>[0] = {}) => {
  const [view] = policiesOf(aPolicyWorld({ objects: { [kind]: [aPolicy("shop", "web", spec)] }, ...over }));
  if (view === undefined) throw new Error("not read");
  return view;
};
const codes = (spec: JsonObject, over: Parameters<typeof aPolicyWorld>[0] = {}) =>
  read(spec, over).findings.map(({ code }) => code);
const from = (...peers: readonly JsonObject[]): JsonObject => ({ podSelector: web, ingress: [{ from: peers }] });
const ports = (...all: readonly JsonObject[]): JsonObject => ({ podSelector: web, ingress: [{ ports: all }] });
const block = (cidr: string, ...except: readonly string[]) => ({ ipBlock: { cidr, except } });

describe("what Cilium makes of a NetworkPolicy", () => {
  const rows: readonly (readonly [when: string, spec: JsonObject, fate: string, code: PolicyCode | null])[] = [
    ["labels and ports", from({ podSelector: { matchLabels: { role: "friend" } } }), "kept", null],
    ["a block outside the cluster", from(block("203.0.113.0/24")), "kept", null],
    ["a block over everything", from(block("0.0.0.0/0", "192.168.0.0/16")), "changes", "block-covers-pods"],
    ["a block over the old range", from(block("10.244.3.0/24")), "changes", "block-covers-pods"],
    ["a block over the new range", from(block("10.245.0.0/16")), "changes", "block-covers-pods"],
    ["a block without pods and nodes", from(block("0.0.0.0/0", "10.0.0.0/8", "192.168.0.0/16")), "kept", null],
    ["a block over a node", from(block("192.168.50.0/24")), "changes", "block-covers-nodes"],
    ["SCTP", ports({ protocol: "SCTP", port: 3868 }), "changes", "sctp-off"],
    ["a named port", ports({ port: "http" }), "kept", "named-ports"],
    ["ports that Cilium knows", ports({ port: 80, endPort: 90 }), "kept", null],
    [
      "a label that Cilium leaves away",
      from({ podSelector: { matchLabels: { "pod-template-hash": "1" } } }),
      "changes",
      "label-not-seen",
    ],
  ];

  test.each(rows)("%s", (_when, spec, fate, code) => {
    expect(read(spec).fate).toBe(fate);
    const said = codes(spec).filter((one) => !["open-on-moved-nodes", "moved-peers-known"].includes(one));
    expect(said).toEqual(code === null ? [] : [code]);
  });

  test("port ranges change with a Cilium that does not know them", () => {
    const view = read(ports({ port: 80, endPort: 90 }), { version: "1.15.9" });
    expect(view.fate).toBe("changes");
    expect(view.findings.map((one) => explainPolicy(one).text)).toContain(
      "Cilium before 1.16 reads only the first port of 80-90",
    );
  });

  test("what is of another type than it should be is read as missing", () => {
    expect(read({ podSelector: "web", ingress: [7, { from: "all", ports: null }], egress: {} }).fate).toBe("kept");
  });
});

describe("what becomes of it while nodes move", () => {
  const spec = from({ podSelector: {} });

  test("enforced today, one range covers both", () => {
    expect(codes(spec)).toEqual(["open-on-moved-nodes", "moved-peers-known"]);
  });

  test("enforced today, no range covers both", () => {
    expect(codes(spec, { range: null })).toEqual(["open-on-moved-nodes", "moved-peers-blocked"]);
  });

  test("not enforced today: Cilium begins at the end", () => {
    expect(codes(spec, { enforced: false })).toEqual(["enforced-at-the-end"]);
  });

  test("it selects no pod of its namespace", () => {
    expect(codes({ podSelector: { matchLabels: { app: "other" } } })).toEqual(["selects-no-pod"]);
    expect(read(spec).pods).toEqual(["shop/web-1"]);
  });
});

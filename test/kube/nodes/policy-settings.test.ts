import { expect, test } from "vitest";
import { endpointsIn, settingsIn, startedAs } from "../../../src/kube/nodes/policy-settings.ts";

const printed = (audit: string, enforcement: string, verdicts = "Enabled") =>
  [
    "##### Read-write configurations #####",
    "ConntrackAccounting               : Disabled",
    `PolicyAuditMode                   : ${audit}`,
    `PolicyVerdictNotification         : ${verdicts}`,
    "MonitorNumPages                   : 64",
    `PolicyEnforcement                 : ${enforcement}`,
    "",
  ].join("\n");

test.each([
  [printed("Disabled", "never"), { now: { enforcement: "never", audits: false }, tellsVerdicts: true }],
  [printed("Enabled", "default"), { now: { enforcement: "default", audits: true }, tellsVerdicts: true }],
  [printed("Disabled", "always", "Disabled"), { now: { enforcement: "always", audits: false }, tellsVerdicts: false }],
  ["", null],
  ["PolicyEnforcement : never", null],
])("what can be set at run time is read: %s", (text, expected) => expect(settingsIn(text)).toEqual(expected));

test("what is not configured is as Cilium has it by itself", () => {
  expect([startedAs("", ""), startedAs("never", "true")]).toEqual([
    { enforcement: "default", audits: false },
    { enforcement: "never", audits: true },
  ]);
});

const endpoint = (labels: readonly string[], enabled: string, more: object = {}) => ({
  id: 7,
  spec: { options: { PolicyAuditMode: "Enabled" } },
  status: {
    "external-identifiers": { "k8s-namespace": "shop", "k8s-pod-name": "web", "pod-name": "shop/web" },
    identity: { id: 4_711, labels },
    log: [{ code: "OK", message: "Successfully regenerated", state: "ready", timestamp: "2026-12-01T05:00:00Z" }],
    networking: { addressing: [{ ipv4: "10.245.1.7" }] },
    policy: { realized: { "policy-enabled": enabled } },
    state: "ready",
    ...more,
  },
});

test.each([
  ["none", [false, false]],
  ["ingress", [true, false]],
  ["audit-egress", [false, true]],
  ["audit-both", [true, true]],
])("an endpoint whose policy-enabled is %s", (enabled, [ingress, egress]) => {
  const [seen] = endpointsIn([endpoint(["k8s:app=web", "k8s:a=b=c", "reserved:x"], enabled)]);
  expect(seen).toEqual({
    id: 7,
    ip: "10.245.1.7",
    pod: "shop/web",
    labels: { app: "web", a: "b=c" },
    audits: true,
    guarded: { ingress, egress },
    ready: true,
    built: "2026-12-01T05:00:00Z Successfully regenerated",
  });
});

test("an endpoint of Cilium's own is no pod, one without programs none at all, and what is odd is not ready", () => {
  const own = endpoint(["reserved:host"], "none", { "external-identifiers": { "pod-name": "/" } });
  expect(endpointsIn([own, endpoint(["reserved:ingress"], "none")]).map(({ pod }) => pod)).toEqual([null]);
  expect(endpointsIn([{}, null])).toHaveLength(2);
  expect(endpointsIn([{}]).every(({ ready, audits }) => !ready && !audits)).toBe(true);
  expect(endpointsIn("no list")).toEqual([]);
});

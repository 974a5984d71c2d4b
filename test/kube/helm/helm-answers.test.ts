import { expect, test } from "vitest";
import { Unavailable } from "../../../src/engine/model/errors.ts";
import { helmFailure } from "../../../src/kube/helm/helm-answers.ts";
import { saidOf } from "../../support/said.ts";

const said = (stderr: string) =>
  helmFailure("helm upgrade of kube-system/cilium", { exitCode: 1, stdout: "", stderr, cutOff: false });

/** As helm 3 and 4 print them. */
const trouble = [
  'Error: UPGRADE FAILED: Kubernetes cluster unreachable: Get "https://10.0.0.1:6443/version": dial tcp 10.0.0.1:6443: connect: connection refused',
  'Error: UPGRADE FAILED: Get "https://10.0.0.1:6443/api/v1/namespaces/kube-system/secrets": net/http: TLS handshake timeout',
  'Error: UPGRADE FAILED: Get "https://10.0.0.1:6443/api/v1/namespaces": EOF',
  'Error: UPGRADE FAILED: Get "https://10.0.0.1:6443/api/v1/namespaces": read tcp 10.0.0.9:4->10.0.0.1:6443: read: connection reset by peer',
  "Error: UPGRADE FAILED: the server is currently unable to handle the request (get secrets)",
  "Error: UPGRADE FAILED: the server has received too many requests and has asked us to try again later (patch daemonsets.apps cilium)",
  'Error: UPGRADE FAILED: an error on the server ("unknown") has prevented the request from succeeding (get secrets)',
  "Error: UPGRADE FAILED: etcdserver: leader changed",
  "Error: INSTALLATION FAILED: etcdserver: request timed out",
  "Error: UPGRADE FAILED: the server was unable to return a response in the time allotted, but may still be processing the request",
  "Error: UPGRADE FAILED: Timeout: request did not complete within requested timeout - context deadline exceeded",
  "Error: Kubernetes cluster unreachable: the server has asked for the client to provide credentials",
  "Error: query: failed to query with labels: Unauthorized",
  'Error: UPGRADE FAILED: Operation cannot be fulfilled on daemonsets.apps "cilium": the object has been modified',
  "Error: UPGRADE FAILED: unexpected end of JSON input",
];

test.each(trouble)("no failure of helm's, it is run again: %s", (stderr) => {
  expect(said(stderr)).toBeInstanceOf(Unavailable);
});

const failures = [
  "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress",
  'Error: UPGRADE FAILED: cannot patch "cilium" with kind DaemonSet: DaemonSet.apps "cilium" is invalid: spec.selector: field is immutable',
  "Error: UPGRADE FAILED: timed out waiting for the condition",
  'Error: looks like "https://helm.cilium.io" is not a valid chart repository or cannot be reached: Get "https://helm.cilium.io/index.yaml": dial tcp: connection refused',
  'Error: INSTALLATION FAILED: secrets is forbidden: User "ada" cannot create resource "secrets" in API group ""',
  "Error: execution error at (cilium/templates/validate.yaml:12:5): unexpected value",
];

test.each(failures)("a failure that asking again does not mend: %s", (stderr) => {
  expect(said(stderr)).toMatchObject({ code: "HELM_FAILED" });
});

const groups = 'groups=["system:serviceaccounts" "system:authenticated"]';
const rules =
  '{APIGroups:[""], Resources:["nodes"], Verbs:["list" "watch"]}\n{APIGroups:["cilium.io"], Resources:["*"], Verbs:["*"]}';
const refused = (kind: string, name: string) =>
  `\t* ${kind}.rbac.authorization.k8s.io "${name}" is forbidden: user "sa" (${groups}) is attempting to grant RBAC permissions not currently held:\n${rules}`;

test("several errors are all told, each with its object, and none of the rules that a role would give", () => {
  const two = `Error: 2 errors occurred:\n${refused("clusterroles", "cilium")}\n${refused("roles", "cilium-config-agent")}\n\n`;
  const { message, remedy } = saidOf(said(`level=WARN msg="something old"\n${two}`));
  expect(message).toBe(
    `helm upgrade of kube-system/cilium failed: clusterroles.rbac.authorization.k8s.io "cilium" is forbidden: user "sa" (${groups}) is attempting to grant RBAC permissions not currently held: 2 rules; ` +
      `roles.rbac.authorization.k8s.io "cilium-config-agent" is forbidden: user "sa" (${groups}) is attempting to grant RBAC permissions not currently held: 2 rules`,
  );
  expect(remedy).toMatch(/crossfade rbac --stage operate/);
});

test("what follows the first line of an error is told too", () => {
  const schema =
    "Error: values don't meet the specifications of the schema(s) in the following chart(s):\ncilium:\n- at '/tunnelPort': got string, want integer\n";
  expect(saidOf(said(schema)).message).toMatch(/chart\(s\):; cilium:; - at '\/tunnelPort': got string/);
});

test("however much helm says, what is told is bounded", () => {
  const many = Array.from({ length: 500 }, (_, at) => `\t* secrets "s${at}" is forbidden: ${"x".repeat(5_000)}`);
  const { message } = saidOf(said(`Error: 500 errors occurred:\n${many.join("\n")}`));
  expect(message.length).toBeLessThan(6_000);
  expect(message).toMatch(/; and 488 more$/);
});

test("refusals among outages are no outage, and outages alone are one however many", () => {
  const gone = '\t* Post "https://10.0.0.1:6443/apis": dial tcp 10.0.0.1:6443: connect: connection refused';
  expect(said(`Error: 2 errors occurred:\n${gone}\n${gone}\n`)).toBeInstanceOf(Unavailable);
  expect(said(`Error: 2 errors occurred:\n${gone}\n${refused("roles", "a")}\n`)).toMatchObject({ code: "HELM_FAILED" });
});

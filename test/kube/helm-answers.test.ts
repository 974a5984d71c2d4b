import { expect, test } from "vitest";
import { CouldNotAsk } from "../../src/engine/errors.ts";
import { helmFailure } from "../../src/kube/helm-answers.ts";

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
  expect(said(stderr)).toBeInstanceOf(CouldNotAsk);
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

import type { CodeParams } from "./param-kind.ts";

/** The cluster answers, and not with what was asked for; `said`: its own words. */
const ofServer = {
  "server-not-kubernetes": { server: "text", context: "text" },
  /** `advice`: what to do about a connection that fails in this way, or null. */
  "server-unreachable": { context: "text", detail: "text", advice: "text?" },
  "credentials-refused": { server: "text", context: "text", said: "text" },
  /** Refused for so long, in which the server showed this sign of not being ready; null where it was ready. */
  "reading-refused": { server: "text", context: "text", said: "text", lastedSeconds: "number?", sign: "text?" },
  "server-failing": { context: "text", status: "number", said: "text" },
  "object-gone": { said: "text" },
  "request-invalid": { said: "text" },
  "rights-refused": { said: "text" },
  "watch-refused": { said: "text" },
  /** `holder`: who has it now, "" for none; null where it was deleted. */
  "lease-lost": { holder: "text?" },
  "lease-not-ours": {},
  "no-engine-listens": {},
  "namespace-made-by-others": { label: "text" },
} as const satisfies CodeParams;

/** The kubeconfig; `files`: those that it was read from. */
const ofKubeconfig = {
  /** None where there is no place to look. */
  "kubeconfig-not-found": { files: "texts" },
  "kubeconfig-unreadable": { file: "text", said: "text" },
  "kubeconfig-not-yaml": { file: "text", line: "number", said: "text" },
  "kubeconfig-empty": { file: "text" },
  "kubeconfig-aliases": { file: "text", said: "text" },
  "no-current-context": { files: "text", contexts: "texts" },
  "no-such-context": { context: "text", files: "text", contexts: "texts" },
  /** `kind`: cluster or user. */
  "context-incomplete": { context: "text", files: "text", kind: "text", name: "text" },
  "server-address-invalid": { context: "text", files: "text", server: "text" },
  "server-address-has-password": { context: "text", files: "text" },
  "proxy-address-invalid": { field: "text" },
  "impersonation-without-user": {},
} as const satisfies CodeParams;

/** The login that the kubeconfig names. */
const ofLogins = {
  /** `field`: which of its files. */
  "credential-file-unreadable": { field: "text", file: "text", said: "text" },
  "certificates-unusable": { said: "text" },
  "auth-provider-gone": { provider: "text" },
  "plugin-needs-terminal": { plugin: "text" },
  "plugin-without-command": {},
  "plugin-api-version": { plugin: "text", asked: "text", known: "text" },
  /** `hint`: what the kubeconfig says about installing it. */
  "plugin-not-found": { plugin: "text", said: "text", hint: "text" },
  "plugin-not-started": { plugin: "text", said: "text", hint: "text" },
  "plugin-failed": { plugin: "text", exitCode: "number", said: "text" },
  "plugin-ended": { plugin: "text", signal: "text", said: "text" },
  "plugin-answer-not-json": { plugin: "text" },
  "plugin-answer-invalid": { plugin: "text", apiVersion: "text" },
  "plugin-without-credential": { plugin: "text" },
  "plugin-without-key": { plugin: "text" },
  "plugin-certificate-unusable": { plugin: "text", said: "text" },
  "oidc-login-incomplete": { missing: "texts" },
  "oidc-issuer-invalid": { issuer: "text" },
  "oidc-issuer-unreachable": { issuer: "text", said: "text" },
  "oidc-login-over": { issuer: "text", said: "text" },
  "oidc-not-renewed": { issuer: "text", said: "text" },
  "oidc-without-id-token": { issuer: "text" },
} as const satisfies CodeParams;

/** helm, or a chart; `said`: their own words. */
const ofHelm = {
  "no-helm": {},
  "helm-version-unknown": { said: "text" },
  "helm-not-supported": { version: "text" },
  "helm-not-run": { command: "text", said: "text" },
  "helm-answer-invalid": { command: "text" },
  "helm-failed": { command: "text", said: "text" },
  "helm-admission-denied": { command: "text", said: "text", by: "text" },
  "helm-operation-pending": { command: "text", said: "text" },
  "helm-forbidden": { command: "text", said: "text" },
  "helm-release-invalid": { release: "text" },
  "helm-template-failed": { said: "text" },
  "chart-unanswered": { detail: "text" },
  "chart-invalid": { chart: "text", said: "text" },
  "chart-too-large": { file: "text", mib: "number" },
  "chart-not-fetched": { chart: "text", said: "text" },
  /** helm pull ended well, and there is no archive. */
  "chart-not-left": { chart: "text" },
  "chart-certificate-refused": { chart: "text", said: "text" },
  "chart-login-refused": { chart: "text", said: "text" },
  "chart-file-unreadable": { chart: "text", said: "text" },
  "chart-not-as-planned": { chart: "text", planned: "text", found: "text" },
  "chart-password-unencrypted": { repository: "text" },
  "chart-flag-unreadable": { flag: "text", file: "text", said: "text" },
  "chart-ca-invalid": { file: "text" },
  "chart-credentials-not-json": { file: "text" },
  "chart-credentials-empty": { file: "text" },
  "chart-credentials-other-host": { file: "text", host: "text" },
  "chart-login-incomplete": {},
} as const satisfies CodeParams;

/** A command of ours on a node. */
const ofHosts = {
  "host-command-failed": { node: "text", command: "text", exitCode: "number", said: "text" },
  "cni-folder-crowded": { node: "text", folder: "text", files: "number", most: "number" },
  /** `waitsFor`: which setting of its policies. */
  "agent-not-following": { node: "text", waitsFor: "text" },
  "agent-command-missing": { node: "text", command: "text" },
  "node-name-invalid": { node: "text" },
  "node-address-invalid": { node: "text", address: "text" },
  "reboot-command-not-run": { node: "text", said: "text" },
  "reboot-command-failed": { node: "text", command: "text", exitCode: "number", said: "text" },
  "probe-without-curl": {},
  "probe-curl-unusable": { said: "text" },
} as const satisfies CodeParams;

/** This machine. */
const ofMachine = {
  /** `owner`: a uid. */
  "folder-of-other-user": { path: "text", owner: "number" },
  "folder-of-everyone": { path: "text" },
  /** `group`: a gid. */
  "folder-of-group": { path: "text", group: "number" },
  "folder-writable": { path: "text" },
  "not-a-folder": { path: "text" },
  "folder-not-made": { path: "text", said: "text" },
  "folder-not-private": { path: "text" },
  "engine-here-already": {},
  "engine-of-other-version": { pid: "number" },
  "plan-holds-credential": {},
} as const satisfies CodeParams;

/** Why the world outside failed: each code with its facts. */
export const adapterFailures = {
  ...ofServer,
  ...ofKubeconfig,
  ...ofLogins,
  ...ofHelm,
  ...ofHosts,
  ...ofMachine,
} as const satisfies CodeParams;

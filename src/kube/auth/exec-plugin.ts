import { spawn } from "node:child_process";
import { CrossfadeError } from "../../engine/model/errors.ts";
import { knownSecrets } from "../../engine/model/known-secrets.ts";
import { type Reason, reason } from "../../engine/model/reason.ts";
import { lastWords } from "../client/redact.ts";
import { at, type Fields, list, text, time } from "../objects/read.ts";
import { findProgram, notOnPath } from "../process/find-program.ts";
import type { Environment } from "./kubeconfig.ts";
import { endOfCertificate, whyUnusable } from "./tls-material.ts";

/** What a credential plugin handed out. */
export interface PluginCredential {
  readonly token: string;
  readonly certPem: string;
  readonly keyPem: string;
  readonly expiresAt: number | null;
}

export interface PluginCall {
  /** The user's `exec` of the kubeconfig. */
  readonly exec: Fields;
  readonly cluster: Fields;
  readonly env: Environment;
  /** The terminal is ours to ask on: only before a screen starts. */
  readonly mayPrompt: boolean;
}

const apiVersions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];
/** Somebody may have to find their phone. */
const promptTimeoutMs = 300_000;
const quietTimeoutMs = 60_000;
const mostBytes = 1024 * 1024;

const firstLine = (said: string): string => said.split("\n")[0] ?? "";

const refuse = (why: Reason): CrossfadeError => new CrossfadeError("KUBECONFIG", why);

/** What the plugin is told of the cluster, where the kubeconfig asks for it (provideClusterInfo). */
function clusterInfo(cluster: Fields): Fields {
  const extension = list(cluster["extensions"]).find(
    (entry) => at(entry, "name") === "client.authentication.k8s.io/exec",
  );
  const wanted = [
    "server",
    "tls-server-name",
    "insecure-skip-tls-verify",
    "certificate-authority-data",
    "proxy-url",
    "disable-compression",
  ];
  const info: Record<string, unknown> = {};
  for (const field of wanted) if (cluster[field] !== undefined) info[field] = cluster[field];
  if (extension !== undefined) info["config"] = at(extension, "extension");
  return info;
}

function isInteractive(call: PluginCall, command: string): boolean {
  const mode = text(call.exec["interactiveMode"], "IfAvailable");
  if (mode === "Never") return false;
  if (mode === "Always" && !call.mayPrompt) {
    throw refuse(reason("plugin-needs-terminal", { plugin: command }));
  }
  return call.mayPrompt;
}

/** What a plugin is given to log in with; a profile's or a region's name is no secret. */
function secretsIn(env: readonly unknown[]): readonly string[] {
  return env
    .filter((entry) => /secret|token|passw|key|credential/i.test(text(at(entry, "name"))))
    .map((entry) => text(at(entry, "value")));
}

/** Runs the plugin once and reads its ExecCredential. */
export async function runExecPlugin(call: PluginCall): Promise<PluginCredential> {
  const command = text(call.exec["command"]);
  const apiVersion = text(call.exec["apiVersion"]);
  if (command === "") throw refuse(reason("plugin-without-command", {}));
  if (!apiVersions.includes(apiVersion)) {
    const [known = ""] = apiVersions;
    throw refuse(reason("plugin-api-version", { plugin: command, asked: apiVersion, known }));
  }
  const interactive = isInteractive(call, command);
  const hint = text(call.exec["installHint"]).trim();
  const program = findProgram(command, call.env);
  if (program === null)
    throw refuse(reason("plugin-not-found", { plugin: command, said: notOnPath(command), hint: firstLine(hint) }));
  const spec = {
    interactive,
    ...(call.exec["provideClusterInfo"] === true ? { cluster: clusterInfo(call.cluster) } : {}),
  };
  const env: Record<string, string | undefined> = { ...call.env };
  for (const entry of list(call.exec["env"])) env[text(at(entry, "name"))] = text(at(entry, "value"));
  knownSecrets.add(secretsIn(list(call.exec["env"])));
  env["KUBERNETES_EXEC_INFO"] = JSON.stringify({ apiVersion, kind: "ExecCredential", spec });
  const args = list(call.exec["args"]).map((argument) => String(argument));
  const stdout = await output({ command, program, args, env, interactive, hint });
  return readCredential(stdout, command, apiVersion);
}

interface Spawning {
  /** As the kubeconfig has it, and where it was found. */
  readonly command: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Record<string, string | undefined>;
  readonly interactive: boolean;
  readonly hint: string;
}

function output({ command, program, args, env, interactive, hint }: Spawning): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env,
      stdio: [interactive ? "inherit" : "ignore", "pipe", interactive ? "inherit" : "pipe"],
      timeout: interactive ? promptTimeoutMs : quietTimeoutMs,
    });
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      if (stdout.length < mostBytes) stdout += chunk;
    });
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      if (stderr.length < 4_000) stderr += chunk;
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === "ENOENT";
      const facts = { plugin: command, said: isMissing ? "" : error.message, hint: firstLine(hint) };
      reject(refuse(reason(isMissing ? "plugin-not-found" : "plugin-not-started", facts)));
    });
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(stdout);
      const said = lastWords(stderr);
      const why =
        code === null
          ? reason("plugin-ended", { plugin: command, signal: signal ?? "a signal", said })
          : reason("plugin-failed", { plugin: command, exitCode: code, said });
      reject(refuse(why));
    });
  });
}

function readCredential(stdout: string, command: string, apiVersion: string): PluginCredential {
  let parsed: unknown;
  try {
    parsed = JSON.parse(stdout);
  } catch {
    throw refuse(reason("plugin-answer-not-json", { plugin: command }));
  }
  if (at(parsed, "kind") !== "ExecCredential" || at(parsed, "apiVersion") !== apiVersion) {
    throw refuse(reason("plugin-answer-invalid", { plugin: command, apiVersion }));
  }
  const credential = {
    token: text(at(parsed, "status", "token")),
    certPem: text(at(parsed, "status", "clientCertificateData")),
    keyPem: text(at(parsed, "status", "clientKeyData")),
    expiresAt:
      time(at(parsed, "status", "expirationTimestamp")) ??
      endOfCertificate(text(at(parsed, "status", "clientCertificateData"))),
  };
  if (credential.token === "" && credential.certPem === "")
    throw refuse(reason("plugin-without-credential", { plugin: command }));
  if ((credential.certPem === "") !== (credential.keyPem === ""))
    throw refuse(reason("plugin-without-key", { plugin: command }));
  const unusable = credential.certPem === "" ? null : whyUnusable({ cert: credential.certPem, key: credential.keyPem });
  if (unusable !== null) throw refuse(reason("plugin-certificate-unusable", { plugin: command, said: unusable }));
  return credential;
}

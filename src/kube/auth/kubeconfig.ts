import { existsSync } from "node:fs";
import path from "node:path";
import type { ApiTls } from "../../engine/model/cluster/api-tls.ts";
import { CrossfadeError } from "../../engine/model/errors.ts";
import { reason } from "../../engine/model/reason.ts";
import { redact } from "../client/redact.ts";
import { type Fields, text } from "../objects/read.ts";
import { homeFolder } from "../process/home-folder.ts";
import { type MergedKubeconfig, mergeKubeconfigs } from "./kubeconfig-files.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** One context with its cluster and user, fields in kubeconfig's own spelling, file names absolute. */
export interface ChosenContext {
  readonly context: string;
  /** As helm's --kubeconfig or KUBECONFIG takes it: one path, or several joined; "" inside a cluster. */
  readonly kubeconfigPath: string;
  readonly server: string;
  readonly cluster: Fields;
  readonly user: Fields;
  /** Where the user stands, so that renewed tokens can be kept there. */
  readonly userAt?: { readonly file: string; readonly name: string };
}

export interface KubeconfigChoice {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly env: Environment;
}

const serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

function candidates(choice: KubeconfigChoice): readonly string[] {
  if (choice.kubeconfig !== undefined && choice.kubeconfig !== "") return [choice.kubeconfig];
  const fromEnv = (choice.env["KUBECONFIG"] ?? "").split(path.delimiter).filter((file) => file !== "");
  if (fromEnv.length > 0) return [...new Set(fromEnv)];
  const home = homeFolder(choice.env);
  return home === null ? [] : [path.join(home, ".kube", "config")];
}

/** Inside a pod with a service account, or null. */
function inCluster(env: Environment): ChosenContext | null {
  const host = env["KUBERNETES_SERVICE_HOST"] ?? "";
  const port = env["KUBERNETES_SERVICE_PORT"] ?? "";
  const tokenFile = path.join(serviceAccount, "token");
  if (host === "" || port === "" || !existsSync(tokenFile)) return null;
  return {
    context: "in-cluster",
    kubeconfigPath: "",
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    cluster: { "certificate-authority": path.join(serviceAccount, "ca.crt") },
    user: { tokenFile },
  };
}

function noneFound(files: readonly string[]): CrossfadeError {
  return new CrossfadeError("KUBECONFIG", reason("kubeconfig-not-found", { files }));
}

function pick(config: MergedKubeconfig, choice: KubeconfigChoice): ChosenContext {
  const where = config.files.join(path.delimiter);
  const contexts = [...config.contexts.keys()];
  const name = choice.context !== undefined && choice.context !== "" ? choice.context : config.currentContext;
  if (name === "") {
    throw new CrossfadeError("USAGE", reason("no-current-context", { files: where, contexts }));
  }
  const context = config.contexts.get(name);
  if (context === undefined) {
    throw new CrossfadeError("USAGE", reason("no-such-context", { context: name, files: where, contexts }));
  }
  const cluster = config.clusters.get(text(context["cluster"]));
  if (cluster === undefined) throw dangling(name, where, "cluster", text(context["cluster"]));
  const userName = text(context["user"]);
  const user = userName === "" ? {} : config.users.get(userName);
  if (user === undefined) throw dangling(name, where, "user", userName);
  const file = config.fileOf.get(userName);
  const userAt = file === undefined ? {} : { userAt: { file, name: userName } };
  return { context: name, kubeconfigPath: where, server: serverOf(cluster, name, where), cluster, user, ...userAt };
}

function dangling(context: string, files: string, kind: "cluster" | "user", name: string): CrossfadeError {
  return new CrossfadeError("KUBECONFIG", reason("context-incomplete", { context, files, kind, name }));
}

function serverOf(cluster: Fields, context: string, where: string): string {
  const server = text(cluster["server"]);
  if (!URL.canParse(server) || !/^https?:/.test(server)) {
    const facts = { context, files: where, server: redact(server) };
    throw new CrossfadeError("KUBECONFIG", reason("server-address-invalid", facts));
  }
  const { username, password } = new URL(server);
  if (username !== "" || password !== "") {
    // The address is shown, recorded on the cluster and journalled.
    throw new CrossfadeError("KUBECONFIG", reason("server-address-has-password", { context, files: where }));
  }
  return server.replace(/\/+$/, "");
}

/** How the API server of a context proves who it is. */
export function apiTlsOf({ server, cluster }: Pick<ChosenContext, "server" | "cluster">): ApiTls {
  if (server.startsWith("http:")) return "none";
  return cluster["insecure-skip-tls-verify"] === true ? "unverified" : "verified";
}

/** The context to work on, by kubectl's rules: --kubeconfig, KUBECONFIG, ~/.kube/config, then the pod's service account. */
export function chooseContext(choice: KubeconfigChoice): ChosenContext {
  const files = candidates(choice);
  const config = mergeKubeconfigs(files);
  if (config.files.length > 0 && (config.contexts.size > 0 || config.clusters.size > 0)) return pick(config, choice);
  const explicit = choice.kubeconfig !== undefined && choice.kubeconfig !== "";
  const inside = explicit ? null : inCluster(choice.env);
  if (inside !== null) return inside;
  if (config.files.length > 0) return pick(config, choice);
  throw noneFound(files);
}

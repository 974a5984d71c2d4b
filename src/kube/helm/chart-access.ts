import { readFileSync } from "node:fs";
import { CrossfadeError } from "../../engine/model/errors.ts";
import { knownSecrets } from "../../engine/model/known-secrets.ts";
import { type Reason, reason } from "../../engine/model/reason.ts";
import type { Environment } from "../auth/kubeconfig.ts";

/** How this machine gets at charts. Of the machine, not of the run: nothing of it is planned, recorded or an argument of helm's. */
export interface ChartAccess {
  /** PEM file of the authority that signed the repository's certificate. */
  readonly caFile?: string;
  /** A docker config.json, as helm registry login, docker login and pull secrets have it. */
  readonly credentialsFile?: string;
}

export interface Login {
  readonly username: string;
  readonly password: string;
}

const usage = (why: Reason, cause?: unknown) => new CrossfadeError("USAGE", why, { cause });

function textOf(file: string, flag: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw usage(reason("chart-flag-unreadable", { flag, file, said: why }), error);
  }
}

/** Throws USAGE at once for files that are not what they should be: not after half of a run. */
export function checkAccess({ caFile, credentialsFile }: ChartAccess): void {
  if (caFile !== undefined && !textOf(caFile, "chart-ca").includes("-----BEGIN CERTIFICATE-----"))
    throw usage(reason("chart-ca-invalid", { file: caFile }));
  // Also that none of them is ever told, whoever repeats it.
  if (credentialsFile !== undefined) for (const entry of Object.values(entriesIn(credentialsFile))) loginIn(entry);
}

type Entries = Readonly<
  Record<string, { readonly auth?: unknown; readonly username?: unknown; readonly password?: unknown }>
>;

function entriesIn(file: string): Entries {
  const text = textOf(file, "chart-credentials");
  let auths: unknown;
  try {
    ({ auths } = JSON.parse(text) as { readonly auths?: unknown });
  } catch {
    // Its words could quote the file.
    throw usage(reason("chart-credentials-not-json", { file }));
  }
  if (typeof auths === "object" && auths !== null && !Array.isArray(auths)) return auths as Entries;
  throw usage(reason("chart-credentials-empty", { file }));
}

const hostOf = (entry: string): string => entry.replace(/^https?:\/\//, "").replace(/\/.*$/, "");

function loginIn({ auth, username, password }: Entries[string]): Login | null {
  if (typeof username === "string" && typeof password === "string") return remembered({ username, password });
  if (typeof auth !== "string") return null;
  const [, name, secret] = /^([^:]*):([\s\S]*)$/.exec(Buffer.from(auth, "base64").toString("utf8")) ?? [];
  return name === undefined || secret === undefined ? null : remembered({ username: name, password: secret });
}

const remembered = (login: Login): Login => {
  const { username, password } = login;
  knownSecrets.add([password, Buffer.from(`${username}:${password}`).toString("base64")]);
  return login;
};

/** User and password of the environment, or null. */
export function loginByEnv(env: Environment): Login | null {
  const [username, password] = [env["CROSSFADE_CHART_USERNAME"], env["CROSSFADE_CHART_PASSWORD"]];
  if (username !== undefined && password !== undefined) return remembered({ username, password });
  if (username !== undefined || password !== undefined) throw usage(reason("chart-login-incomplete", {}));
  return null;
}

/** By what a repository's host is asked: environment first, then the file; null where neither was given. */
export function loginFor(url: string, { credentialsFile }: ChartAccess, env: Environment): Login | null {
  const given = loginByEnv(env);
  if (given !== null || credentialsFile === undefined) return given;
  const { host } = new URL(url);
  const entry = Object.entries(entriesIn(credentialsFile)).find(([name]) => hostOf(name) === host)?.[1];
  const login = entry === undefined ? null : loginIn(entry);
  if (login !== null) return login;
  throw usage(reason("chart-credentials-other-host", { file: credentialsFile, host }));
}

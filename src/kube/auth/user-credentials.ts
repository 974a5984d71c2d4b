import { isDeepStrictEqual } from "node:util";
import { CrossfadeError, inBrief, Unavailable } from "../../engine/model/errors.ts";
import { reason } from "../../engine/model/reason.ts";
import type { LinkSettings } from "../client/link-settings.ts";
import { chooseProxy } from "../client/proxy-choice.ts";
import { learnCredentials } from "../client/redact.ts";
import { type Fields, fields, text, texts } from "../objects/read.ts";
import { credentialFileBytes, readOwnFile } from "../process/read-own-file.ts";
import { checkProvider, OidcProvider } from "./auth-provider.ts";
import type { Credentials } from "./credentials.ts";
import { type PluginCredential, runExecPlugin } from "./exec-plugin.ts";
import type { ChosenContext, Environment } from "./kubeconfig.ts";
import { readTlsMaterial } from "./tls-material.ts";

/** A token that ends within this time is renewed before it is used. */
const skewMs = 10_000;
/** kubelet rotates a projected token long before its end; kubectl reads the file once a minute. */
const tokenFileAgeMs = 60_000;
/** How soon a credential that could not be had is asked for again. */
const askAgainMs = 5_000;

/** Impersonate-* headers of as, as-uid, as-groups and as-user-extra. */
export function impersonation(user: Fields): Record<string, string | readonly string[]> {
  const headers: Record<string, string | readonly string[]> = {};
  const as = text(user["as"]);
  const uid = text(user["as-uid"]);
  const groups = texts(user["as-groups"]);
  const extra = Object.entries(fields(user["as-user-extra"]));
  if (as === "") {
    if (uid === "" && groups.length === 0 && extra.length === 0) return headers;
    throw new CrossfadeError("KUBECONFIG", reason("impersonation-without-user", {}));
  }
  headers["Impersonate-User"] = as;
  if (uid !== "") headers["Impersonate-Uid"] = uid;
  if (groups.length > 0) headers["Impersonate-Group"] = groups;
  for (const [key, values] of extra) headers[`Impersonate-Extra-${encodeURIComponent(key)}`] = texts(values);
  return headers;
}

export interface CredentialSource {
  readonly env: Environment;
  readonly mayPrompt: boolean;
  /** Reads the kubeconfig again, for the same context. */
  readonly reread?: () => ChosenContext;
}

/** The kubeconfig user's credentials, kept fresh: token files read again, plugins run again, one run at a time. */
export class UserCredentials implements Credentials {
  #chosen: ChosenContext;
  /** The same context as the kubeconfig has it now: somebody may have logged in again. */
  readonly #reread: () => ChosenContext;
  readonly #env: Environment;
  readonly #proxy: string | null;
  readonly #impersonation: Record<string, string | readonly string[]>;
  /** False once a screen runs: a plugin that would ask then gets no terminal. */
  mayPrompt: boolean;
  #material: LinkSettings["tls"] | null = null;
  #plugin: { readonly run: Promise<PluginCredential>; expiresAt: number | null } | null = null;
  #file: { readonly token: string; readonly at: number } | null = null;
  readonly #oidc: OidcProvider;
  /** A run may be at work: what fails now is asked again, and ends nothing. */
  #atWork = false;
  /** Whoever asks within this time hears the same: a plugin that fails is not started for each request. */
  #failure: { readonly error: Unavailable; readonly until: number } | null = null;

  constructor(chosen: ChosenContext, { env, mayPrompt, reread = () => chosen }: CredentialSource) {
    this.#chosen = chosen;
    this.#reread = reread;
    this.#env = env;
    this.mayPrompt = mayPrompt;
    this.#proxy = chooseProxy(chosen.server, text(chosen.cluster["proxy-url"]), env);
    this.#impersonation = impersonation(chosen.user);
    this.#oidc = new OidcProvider(env, reread);
  }

  /** From now on nobody can be asked on the terminal, and a credential that cannot be had is a reason to wait. */
  beginWork(): void {
    this.mayPrompt = false;
    this.#atWork = true;
  }

  async current(): Promise<LinkSettings> {
    if (!this.#atWork) return this.#settings();
    if (this.#failure !== null && Date.now() < this.#failure.until) throw this.#failure.error;
    try {
      const settings = await this.#settings();
      this.#failure = null;
      return settings;
    } catch (thrown) {
      if (!(thrown instanceof CrossfadeError)) throw thrown;
      const error = new Unavailable(`no credentials for the cluster: ${inBrief(thrown)}`, askAgainMs, {
        cause: thrown,
        clearedBy: "credentials for the cluster",
        reason: reason("no-credentials", { failure: { code: thrown.code, reason: thrown.reason } }),
      });
      this.#failure = { error, until: Date.now() + askAgainMs };
      throw error;
    }
  }

  async #settings(): Promise<LinkSettings> {
    checkProvider(this.#chosen.user);
    // What could not be read is read again when it is asked for again.
    this.#material ??= readTlsMaterial(this.#chosen);
    const tls = this.#material;
    const [plugin, authorization] = await Promise.all([this.#pluginCredential(), this.#authorization()]);
    const certificate = plugin === null || plugin.certPem === "" ? {} : { cert: plugin.certPem, key: plugin.keyPem };
    const bearer = plugin === null || plugin.token === "" ? "" : `Bearer ${plugin.token}`;
    const auth = [authorization, bearer].find((value) => value !== "");
    const settings: LinkSettings = {
      server: this.#chosen.server,
      tls: { ...tls, ...certificate },
      proxy: this.#proxy,
      headers: { ...(auth === undefined ? {} : { Authorization: auth }), ...this.#impersonation },
    };
    learnCredentials(settings);
    return settings;
  }

  async refresh(): Promise<boolean> {
    this.#material = null;
    this.#file = null;
    if (this.#loggedInAgain()) {
      this.#plugin = null;
      return this.#chosen.user["auth-provider"] === undefined || this.#oidc.forget(this.#chosen);
    }
    const { user } = this.#chosen;
    if (user["auth-provider"] !== undefined) return this.#oidc.forget(this.#chosen);
    if (user["exec"] !== undefined) {
      // A run that has just begun on behalf of another refused call answers for this one too.
      if (this.#plugin !== null && this.#plugin.expiresAt !== 0) this.#plugin = null;
      return true;
    }
    return user["tokenFile"] !== undefined || user["client-certificate"] !== undefined;
  }

  /** Whether the kubeconfig has other credentials than when it was read last; one that cannot be read has none. */
  #loggedInAgain(): boolean {
    try {
      const now = this.#reread();
      // Credentials of another cluster are none for this one.
      if (now.server !== this.#chosen.server || isDeepStrictEqual(now.user, this.#chosen.user)) return false;
      this.#chosen = { ...this.#chosen, user: now.user };
      return true;
    } catch {
      return false;
    }
  }

  async #authorization(): Promise<string> {
    const { user } = this.#chosen;
    const file = text(user["tokenFile"]);
    if (file !== "") return `Bearer ${this.#fileToken(file, text(user["token"]))}`;
    if (text(user["token"]) !== "") return `Bearer ${text(user["token"])}`;
    if (user["auth-provider"] !== undefined) return `Bearer ${await this.#oidc.token(this.#chosen)}`;
    if (text(user["username"]) === "") return "";
    return `Basic ${Buffer.from(`${text(user["username"])}:${text(user["password"])}`).toString("base64")}`;
  }

  /** One that is missing while it is rotated is looked for again at once. */
  #fileToken(file: string, otherwise: string): string {
    if (this.#file !== null && Date.now() - this.#file.at <= tokenFileAgeMs) return this.#file.token;
    try {
      const token = readOwnFile(file, credentialFileBytes).trim();
      this.#file = { token, at: Date.now() };
      return token;
    } catch (error) {
      if (otherwise !== "") return otherwise;
      const why = error instanceof Error ? error.message : String(error);
      throw new CrossfadeError("KUBECONFIG", reason("credential-file-unreadable", { field: "token", file, said: why }));
    }
  }

  /** Single flight: however many calls wait, one process runs. */
  async #pluginCredential(): Promise<PluginCredential | null> {
    const { user, cluster } = this.#chosen;
    if (user["exec"] === undefined) return null;
    const { expiresAt } = this.#plugin ?? { expiresAt: null };
    if (this.#plugin !== null && (expiresAt === null || expiresAt === 0 || expiresAt - skewMs > Date.now()))
      return this.#plugin.run;
    const run = runExecPlugin({
      exec: fields(user["exec"]),
      cluster: { ...cluster, server: this.#chosen.server },
      env: this.#env,
      mayPrompt: this.mayPrompt,
    });
    // 0 while it runs, so that a second 401 does not start a second process.
    const plugin: { readonly run: Promise<PluginCredential>; expiresAt: number | null } = { run, expiresAt: 0 };
    this.#plugin = plugin;
    run.then(
      (credential) => (plugin.expiresAt = credential.expiresAt),
      () => {
        if (this.#plugin === plugin) this.#plugin = null;
      },
    );
    return run;
  }
}

import { CrossfadeError } from "../../engine/model/errors.ts";
import { reason } from "../../engine/model/reason.ts";
import { at, type Fields, fields, text } from "../objects/read.ts";
import { keepTokens, keptTokens } from "./keep-tokens.ts";
import type { ChosenContext, Environment } from "./kubeconfig.ts";
import { endOfToken, type OidcTokens, renewOidc } from "./oidc-login.ts";
import { pemOf } from "./tls-material.ts";

/** A token that ends within this time is renewed before it is used. */
const skewMs = 10_000;
/** A server that refuses a token which has not ended gets a new one so often at most. */
const forcedEveryMs = 60_000;

/** The kubeconfig names of providers that log in; refuses those that no client speaks any more. */
export function checkProvider(user: Fields): void {
  if (user["auth-provider"] === undefined) return;
  const name = text(at(user, "auth-provider", "name"));
  if (name === "oidc") return;
  throw new CrossfadeError("KUBECONFIG", reason("auth-provider-gone", { provider: name }));
}

/** The id-token of `auth-provider: oidc`, renewed before it ends; one renewal at a time, and each is kept in the kubeconfig. */
export class OidcProvider {
  readonly #env: Environment;
  readonly #reread: () => ChosenContext;
  #tokens: OidcTokens | null = null;
  #renewal: Promise<OidcTokens> | null = null;
  #forcedAt = Number.NEGATIVE_INFINITY;

  constructor(env: Environment, reread: () => ChosenContext) {
    this.#env = env;
    this.#reread = reread;
  }

  async token(chosen: ChosenContext): Promise<string> {
    this.#tokens ??= keptTokens(chosen.user);
    if (!isOver(this.#tokens)) return this.#tokens.idToken;
    this.#renewal ??= this.#renew(chosen).finally(() => {
      this.#renewal = null;
    });
    return (await this.#renewal).idToken;
  }

  /** The server does not take the token that we have. */
  forget(chosen: ChosenContext): boolean {
    const now = keptTokens(chosen.user);
    const isNew = this.#tokens !== null && now.idToken !== this.#tokens.idToken && !isOver(now);
    if (!isNew && Date.now() - this.#forcedAt < forcedEveryMs) return false;
    if (!isNew) this.#forcedAt = Date.now();
    this.#tokens = isNew ? now : { idToken: "", refreshToken: this.#tokens?.refreshToken ?? now.refreshToken };
    return true;
  }

  async #renew(chosen: ChosenContext): Promise<OidcTokens> {
    // kubectl or helm may have renewed it meanwhile, and a refresh-token can often be used only once.
    const user = this.#now(chosen);
    const kept = keptTokens(user);
    const known = this.#tokens;
    if (known !== null && kept.idToken !== known.idToken && known.idToken !== "" && !isOver(kept)) {
      this.#tokens = kept;
      return kept;
    }
    const config = fields(at(user, "auth-provider", "config"));
    const ours = known === null || kept.refreshToken !== keptTokens(chosen.user).refreshToken ? kept : known;
    const tokens = await renewOidc(
      { ...config, "refresh-token": ours.refreshToken },
      pemOf(config, "idp-certificate-authority"),
      this.#env,
    );
    this.#tokens = tokens;
    if (chosen.userAt !== undefined) keepTokens(chosen.userAt.file, chosen.userAt.name, tokens);
    return tokens;
  }

  #now(chosen: ChosenContext): Fields {
    try {
      const now = this.#reread();
      return now.server === chosen.server ? now.user : chosen.user;
    } catch {
      return chosen.user;
    }
  }
}

const isOver = ({ idToken }: OidcTokens): boolean => endOfToken(idToken) - skewMs <= Date.now();

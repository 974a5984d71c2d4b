import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { isSeq, parseDocument } from "yaml";
import { at, text } from "../objects/read.ts";
import type { OidcTokens } from "./oidc-login.ts";

/** Made at once or not at all, and written to the disk before it takes the file's place. */
function replaceWith(file: string, content: string, mode: number): void {
  const aside = `${file}.${process.pid}.new`;
  const handle = openSync(aside, "wx", mode);
  try {
    writeSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(aside, file);
}

/** client-go's own lock beside a kubeconfig that is being written. */
function locked(file: string, then: () => void): void {
  const lock = `${file}.lock`;
  closeSync(openSync(lock, "wx", 0o600));
  try {
    then();
  } finally {
    rmSync(lock, { force: true });
  }
}

/**
 * Writes renewed tokens into the kubeconfig, as kubectl does: many issuers let a refresh-token be used once, and what is
 * left in the file would log kubectl and helm out. False where it could not be written; this process goes on all the same.
 */
export function keepTokens(kubeconfig: string, user: string, tokens: OidcTokens): boolean {
  try {
    const file = realpathSync(kubeconfig);
    const { mode, uid } = statSync(file);
    // A file that takes another's place is ours, and its owner could not read it any more.
    if (uid !== process.getuid?.()) return false;
    locked(file, () => {
      const document = parseDocument(readFileSync(file, "utf8"), { uniqueKeys: false });
      const users = document.get("users");
      const index = isSeq(users)
        ? users.items.findIndex((_, at_) => document.getIn(["users", at_, "name"]) === user)
        : -1;
      const provider = document.getIn(["users", index, "user", "auth-provider", "config"]);
      if (index < 0 || provider === undefined) throw new Error("the user is not there any more");
      const place = ["users", index, "user", "auth-provider", "config"];
      document.setIn([...place, "id-token"], tokens.idToken);
      document.setIn([...place, "refresh-token"], tokens.refreshToken);
      replaceWith(file, document.toString({ lineWidth: 0 }), mode & 0o777);
    });
    return true;
  } catch {
    return false;
  }
}

/** The tokens that a kubeconfig user has now. */
export function keptTokens(user: unknown): OidcTokens {
  const config = at(user, "auth-provider", "config");
  return { idToken: text(at(config, "id-token")), refreshToken: text(at(config, "refresh-token")) };
}

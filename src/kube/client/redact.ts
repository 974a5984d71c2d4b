import { knownSecrets } from "../../engine/model/known-secrets.ts";
import type { LinkSettings } from "./link-settings.ts";

/** Complaints are short; what is longer is looked through at its end only, so that no pattern has megabytes to go through. */
const mostLength = 64 * 1024;

/** Takes what looks like a secret out of another program's words: they are shown, journalled and recorded. */
export function redact(output: string): string {
  return knownSecrets
    .hideInSentence(output.slice(-mostLength))
    .replace(/(authorization["']?\s*[:=]\s*["']?\s*(?:(?:bearer|basic)\s+)?)[^\s"',}]+/gi, "$1(hidden)")
    .replace(
      /\b((?:bearer|basic)\s+)(?:[A-Za-z0-9._~+/-]{8,}=*|(?=[\d._~+/-]{0,7}[A-Za-z])(?=[A-Za-z._~+/-]{0,7}[\d=])[A-Za-z0-9._~+/-]+=*)/gi,
      "$1(hidden)",
    )
    .replace(/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, "(hidden token)")
    .replace(
      /((?:password|passwd|token|secret|client-key-data|secret[_-]?access[_-]?key)["']?\s*[:=]\s*["']?)(?!(?:token|for|is|has|was|not|no|the|an?|invalid|expired)\b)[^\s"',}]+/gi,
      "$1(hidden)",
    )
    .replace(/(:\/\/[^/\s:@]{1,200}:)[^@\s/]{1,400}@/g, "$1(hidden)@")
    .replace(/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g, "(hidden key)");
}

/** The last line of a program's complaint, which names the cause, fit to be shown; "" where it said nothing. */
export function lastWords(output: string): string {
  return redact(output.slice(-mostLength).trim().split("\n").at(-1) ?? "").slice(0, 500);
}

function passwordsIn(proxy: string | null): readonly string[] {
  if (proxy === null) return [];
  const { password } = new URL(proxy);
  return [password, decodeURIComponent(password)];
}

/** Every credential that we send, in each form in which somebody could echo it. */
function credentialsOf({ headers, tls, proxy }: LinkSettings): readonly string[] {
  const [scheme = "", sent = ""] = String(headers["Authorization"] ?? "").split(" ");
  const plain = scheme === "Basic" ? Buffer.from(sent, "base64").toString("utf8") : "";
  const password = plain.slice(plain.indexOf(":") + 1);
  const key = (tls.key ?? "").split("\n").filter((line) => line !== "" && !line.startsWith("-----"));
  const all = [sent, plain, password, tls.passphrase ?? "", ...passwordsIn(proxy), ...key];
  return [...new Set(all)].filter((one) => one !== "");
}

/** What was learnt last: settings are made anew for each request, and are nearly always the same. */
let learnt = "";

/** From now on nothing that leaves this thread shows a credential of these, whoever echoes it. */
export function learnCredentials(settings: LinkSettings): void {
  const { headers, tls, proxy } = settings;
  const now = `${String(headers["Authorization"])} ${tls.key ?? ""} ${tls.passphrase ?? ""} ${proxy ?? ""}`;
  if (now !== learnt) knownSecrets.add(credentialsOf(settings));
  learnt = now;
}

/** A server or proxy may answer with what we sent: whatever it says goes through here before it becomes an error. */
export function withoutCredentials(text: string, settings: LinkSettings): string {
  learnCredentials(settings);
  return redact(text);
}

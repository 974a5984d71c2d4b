import { ApiError } from "./api-error.ts";

/** A write that admission refused, or could not be asked about. The API server itself is well. */
export interface AdmissionAnswer {
  /** Whose answer it is: admission webhook "NAME", ValidatingAdmissionPolicy NAME, ResourceQuota NAME, … */
  readonly by: string;
  /** "unavailable": the webhook did not answer, and its failurePolicy is Fail. */
  readonly kind: "denied" | "unavailable";
  /** Its own words. */
  readonly message: string;
}

type Reading = readonly [words: RegExp, kind: AdmissionAnswer["kind"], by: (name: string) => string];

/**
 * Only the words tell: a webhook may deny with any status of 400 and above, and one that is down is a 500 without a reason of its own.
 * https://github.com/kubernetes/apiserver pkg/admission/plugin/webhook/{errors/statuserror,generic/webhook}.go,
 * pkg/admission/plugin/policy/validating/dispatcher.go; kubernetes plugin/pkg/admission/{resourcequota,limitranger}, PodSecurity.
 */
const readings: readonly Reading[] = [
  [/failed (?:calling|to call) webhook "([^"]+)"/i, "unavailable", (name) => `admission webhook "${name}"`],
  [/admission webhook "([^"]+)"/i, "denied", (name) => `admission webhook "${name}"`],
  [/ValidatingAdmissionPolicy ['"]([^'"]+)['"]/, "denied", (name) => `ValidatingAdmissionPolicy ${name}`],
  [/exceeded quota: ([^\s,]+)/, "denied", (name) => `ResourceQuota ${name}`],
  [/violates PodSecurity "([^"]+)"/, "denied", (name) => `PodSecurity ${name}`],
  [/(?:minimum|maximum) \S+ usage per (?:Container|Pod) is/, "denied", () => "a LimitRange"],
  [/admission webhook/i, "denied", () => "an admission webhook"],
];

const longestMessage = 400;

/** API servers put this before whatever a plugin of theirs returned. */
const prefix = /^Internal error occurred: /;

function shortened(message: string): string {
  const said = message.replace(prefix, "").trim();
  return said.length <= longestMessage ? said : `${said.slice(0, longestMessage)}…`;
}

/** Reads an answer of admission out of what the API server, or helm after it, says; null where none is in it. */
export function admissionIn(said: readonly string[]): AdmissionAnswer | null {
  for (const [words, kind, by] of readings) {
    const found = said.map((text) => words.exec(text)).find((match) => match !== null);
    if (found) return { by: by(found[1] ?? ""), kind, message: shortened(found.input) };
  }
  return null;
}

/** The same of an error; null where the refusal is the server's own. */
export function admissionAnswer(error: unknown): AdmissionAnswer | null {
  if (!(error instanceof ApiError) || error.status < 400) return null;
  return admissionIn([error.message, ...error.causes.map(({ message }) => message)]);
}

import { failed, type Said, type SayersOf } from "../said.ts";

const ofPlugin = (plugin: string, what: string, hint = ""): Said =>
  failed(
    `The credential plugin ${plugin} of the kubeconfig ${what}.`,
    hint === "" ? `run ${plugin} by hand and correct what it says` : hint,
  );

/** What took the place of an auth-provider that kubectl dropped. */
const instead: Readonly<Record<string, string>> = {
  gcp: "install gke-gcloud-auth-plugin, then run: gcloud container clusters get-credentials CLUSTER",
  azure: "install kubelogin, then run: kubelogin convert-kubeconfig",
};

const tryAgain = "see whether the issuer answers, then try again";
const logInAgain = "log in again by the tool that wrote the kubeconfig's auth-provider: oidc";

/** The login that the kubeconfig names. */
export const loginFailureWords: SayersOf<
  | "credential-file-unreadable"
  | "certificates-unusable"
  | "auth-provider-gone"
  | "plugin-needs-terminal"
  | "plugin-without-command"
  | "plugin-api-version"
  | "plugin-not-found"
  | "plugin-not-started"
  | "plugin-failed"
  | "plugin-ended"
  | "plugin-answer-not-json"
  | "plugin-answer-invalid"
  | "plugin-without-credential"
  | "plugin-without-key"
  | "plugin-certificate-unusable"
  | "oidc-login-incomplete"
  | "oidc-issuer-invalid"
  | "oidc-issuer-unreachable"
  | "oidc-login-over"
  | "oidc-not-renewed"
  | "oidc-without-id-token"
> = {
  "credential-file-unreadable": ({ field, file, said }) =>
    failed(
      `The ${field} file ${file} of the kubeconfig cannot be read: ${said}.`,
      `put ${file} in place, or correct the kubeconfig`,
    ),
  "certificates-unusable": ({ said }) =>
    failed(
      `The certificates of the kubeconfig cannot be used: ${said}.`,
      "put a client certificate and its own key in place, both in PEM, or log in again",
    ),
  "auth-provider-gone": ({ provider }) =>
    failed(
      `The kubeconfig logs in by auth-provider ${provider === "" ? "(no name)" : provider}, which kubectl dropped in version 1.26.`,
      instead[provider] ?? "log in by an exec plugin instead",
    ),
  "plugin-needs-terminal": ({ plugin }) =>
    ofPlugin(plugin, "must ask on a terminal, and there is none", "log in beforehand, or run crossfade in a terminal"),
  "plugin-without-command": () => ofPlugin("(no command)", "names no command", "correct the field exec.command"),
  "plugin-api-version": ({ plugin, asked, known }) =>
    ofPlugin(
      plugin,
      `asks for ${asked === "" ? "no apiVersion" : asked}, which kubectl no longer speaks`,
      `set its apiVersion to ${known} and renew the plugin`,
    ),
  "plugin-not-found": ({ plugin, said, hint }) =>
    ofPlugin(plugin, said === "" ? "was not found" : `was not found: ${said}`, hint),
  "plugin-not-started": ({ plugin, said, hint }) => ofPlugin(plugin, `could not be started: ${said}`, hint),
  "plugin-failed": ({ plugin, exitCode, said }) =>
    ofPlugin(plugin, `failed with exit code ${exitCode}${said === "" ? "" : `: ${said}`}`),
  "plugin-ended": ({ plugin, signal, said }) =>
    ofPlugin(plugin, `was ended by ${signal}${said === "" ? "" : `: ${said}`}`),
  "plugin-answer-not-json": ({ plugin }) => ofPlugin(plugin, "answered something that is not JSON"),
  "plugin-answer-invalid": ({ plugin, apiVersion }) => ofPlugin(plugin, `answered no ExecCredential of ${apiVersion}`),
  "plugin-without-credential": ({ plugin }) => ofPlugin(plugin, "handed out neither token nor certificate"),
  "plugin-without-key": ({ plugin }) => ofPlugin(plugin, "handed out a certificate without its key"),
  "plugin-certificate-unusable": ({ plugin, said }) =>
    ofPlugin(plugin, `handed out a certificate that cannot be used: ${said}`),
  "oidc-login-incomplete": ({ missing }) =>
    failed(`The id-token of the kubeconfig has expired, and there is no ${missing.join(", ")}.`, logInAgain),
  "oidc-issuer-invalid": ({ issuer }) =>
    failed(
      `The idp-issuer-url of the kubeconfig${issuer === "" ? "" : ` (${issuer})`} is no https address.`,
      "correct the kubeconfig",
    ),
  "oidc-issuer-unreachable": ({ issuer, said }) =>
    failed(`The issuer ${issuer} of the kubeconfig cannot be asked for a new id-token: ${said}.`, tryAgain),
  "oidc-login-over": ({ issuer, said }) =>
    failed(`The issuer ${issuer} no longer renews the login of the kubeconfig: ${said}.`, logInAgain),
  "oidc-not-renewed": ({ issuer, said }) =>
    failed(`The issuer ${issuer} of the kubeconfig did not renew the id-token: ${said}.`, tryAgain),
  "oidc-without-id-token": ({ issuer }) => failed(`The issuer ${issuer} answered without an id-token.`, logInAgain),
};

import { retrying } from "../audience.ts";
import { failed, type SayersOf } from "../said.ts";

const fetched = (chart: string, said: string, remedy: string) =>
  failed(`the chart ${chart} could not be fetched: ${said}`, remedy);

/** What helm, or a chart, failed for. */
export const helmFailureWords: SayersOf<
  | "no-helm"
  | "helm-version-unknown"
  | "helm-not-supported"
  | "helm-not-run"
  | "helm-answer-invalid"
  | "helm-failed"
  | "helm-admission-denied"
  | "helm-operation-pending"
  | "helm-forbidden"
  | "helm-release-invalid"
  | "helm-template-failed"
  | "chart-unanswered"
  | "chart-invalid"
  | "chart-too-large"
  | "chart-not-fetched"
  | "chart-not-left"
  | "chart-certificate-refused"
  | "chart-login-refused"
  | "chart-file-unreadable"
  | "chart-not-as-planned"
> = {
  "no-helm": () =>
    failed("There is no helm on PATH.", "install helm 3 or 4 (https://helm.sh/docs/intro/install) and start again"),
  "helm-version-unknown": ({ said }) =>
    failed(
      `The helm on PATH does not say which version it is${said === "" ? "" : ` but: ${said}`}.`,
      "see what helm version prints, or put another helm 3 or 4 first on PATH",
    ),
  "helm-not-supported": ({ version }) =>
    failed(`The helm on PATH is ${version}, which is not supported.`, "install helm 3 or 4 and put it first on PATH"),
  "helm-not-run": ({ command, said }, audience, { about }) =>
    failed(
      `helm ${command} could not be run: ${said}.`,
      `see whether helm works by hand, then ${retrying(audience, about)}`,
    ),
  "helm-answer-invalid": ({ command }, audience, { about }) =>
    failed(
      `${command} answered something that is not the JSON it should be.`,
      `see what helm prints by hand (a wrapper script, a warning on stdout), then ${retrying(audience, about)}`,
    ),
  "helm-failed": ({ command, said }, audience, { about }) =>
    failed(`${command} failed: ${said}`, `correct what helm names, then ${retrying(audience, about)}`),
  "helm-admission-denied": ({ command, said, by }, audience, { about }) =>
    failed(`${command} failed: ${said}`, `see to it that ${by} lets it pass, then ${retrying(audience, about)}`),
  "helm-operation-pending": ({ command, said }, audience, { about }) =>
    failed(
      `${command} failed: ${said}`,
      `${retrying(audience, about)}: the release that was left pending is then brought to order first`,
    ),
  "helm-forbidden": ({ command, said }, audience, { about }) =>
    failed(
      `${command} failed: ${said}`,
      `give the user the rights that crossfade rbac --stage operate prints, and where own values switch on more of the chart, those on its objects too; then ${retrying(audience, about)}`,
    ),
  "helm-release-invalid": ({ release }) =>
    failed(
      `"${release}" is no release: helm would read it as an option`,
      "crossfade status shows what the record says",
    ),
  "helm-template-failed": ({ said }) => failed(`helm template failed: ${said}`, "correct what helm names"),
  "chart-unanswered": ({ detail }) => failed(detail, "see whether helm pull reaches it"),
  "chart-invalid": ({ chart, said }) =>
    failed(`${chart} is no chart archive: ${said}`, "give a .tgz as helm pull or helm package makes it"),
  "chart-too-large": ({ file, mib }) =>
    failed(`${file} has ${mib} MiB, which no chart of Cilium has`, "check what --chart names"),
  "chart-not-fetched": ({ chart, said }) =>
    fetched(chart, said, "correct what helm names; --chart, --chart-repo and --cilium-version say which chart it is"),
  "chart-not-left": ({ chart }) =>
    fetched(chart, "helm pull ended well and left no archive", "see what helm pull does by hand"),
  "chart-certificate-refused": ({ chart, said }) =>
    fetched(chart, said, "name the authority that signed its certificate with --chart-ca FILE"),
  "chart-login-refused": ({ chart, said }) =>
    fetched(
      chart,
      said,
      "give --chart-credentials FILE (a docker config.json), or CROSSFADE_CHART_USERNAME and CROSSFADE_CHART_PASSWORD",
    ),
  "chart-file-unreadable": ({ chart, said }) =>
    fetched(chart, said, "put the chart back in its place, or name another with --chart"),
  "chart-not-as-planned": ({ chart, planned, found }) =>
    failed(
      `the chart ${chart} is not the one that was planned: ${planned} was agreed to, ${found} is there now`,
      "put the planned chart back in its place and retry, or roll back and plan again",
    ),
};

const credentialsForm =
  "give a docker config.json: what helm registry login writes, or .dockerconfigjson of a pull secret, decoded";

/** How this machine gets at charts: flags and files that are not what they should be. */
export const chartAccessFailureWords: SayersOf<
  | "chart-password-unencrypted"
  | "chart-flag-unreadable"
  | "chart-ca-invalid"
  | "chart-credentials-not-json"
  | "chart-credentials-empty"
  | "chart-credentials-other-host"
  | "chart-login-incomplete"
> = {
  "chart-password-unencrypted": ({ repository }) =>
    failed(`${repository} would be sent a password unencrypted`, "give --chart-repo an https:// address"),
  "chart-flag-unreadable": ({ flag, file, said }) =>
    failed(`--${flag} ${file} cannot be read: ${said}`, `name a file that you may read, or omit --${flag}`),
  "chart-ca-invalid": ({ file }) =>
    failed(`--chart-ca ${file} holds no certificate`, "give a PEM file with the CA's certificate"),
  "chart-credentials-not-json": ({ file }) => failed(`--chart-credentials ${file} is not JSON`, credentialsForm),
  "chart-credentials-empty": ({ file }) => failed(`--chart-credentials ${file} has no auths`, credentialsForm),
  "chart-credentials-other-host": ({ file, host }) =>
    failed(
      `--chart-credentials ${file} has no user and password for ${host}`,
      `log in with: helm registry login ${host} --registry-config ${file}`,
    ),
  "chart-login-incomplete": () =>
    failed(
      "of CROSSFADE_CHART_USERNAME and CROSSFADE_CHART_PASSWORD only one is set",
      "set both, or give --chart-credentials a file",
    ),
};

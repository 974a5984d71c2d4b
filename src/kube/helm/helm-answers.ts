import { AdmissionUnavailable, CrossfadeError, Unavailable } from "../../engine/model/errors.ts";
import type { HelmReleaseFacts } from "../../engine/model/facts.ts";
import { type Reason, reason } from "../../engine/model/reason.ts";
import { admissionIn } from "../client/admission.ts";
import { at, number, text } from "../objects/read.ts";
import type { CommandAnswer } from "../process/run-command.ts";
import type { Helm } from "./helm.ts";
import { complaintOf, complaintText } from "./helm-complaint.ts";

/** The words of client-go and of the API server, as helm passes them on, where nothing is wrong with what was asked. */
const apiTrouble = [
  /Kubernetes cluster unreachable|connection refused|i\/o timeout|TLS handshake timeout|client connection lost/i,
  /connection reset|broken pipe|socket hang up|unexpected (EOF|end of JSON)|: EOF$|net\/http: request canceled/i,
  // 429, 500, 502, 503, 504: https://github.com/kubernetes/apimachinery pkg/api/errors/errors.go NewGenericServerResponse
  /too many requests|unable to handle the request|an error on the server|unable to return a response in the time/i,
  /etcdserver: |apiserver not ready|Timeout: request did not complete|Bad Gateway|Service Unavailable|Gateway Time-?out/i,
  // 401, and the loser of a race.
  /asked for the client to provide credentials|^(.*: )?Unauthorized$|Operation cannot be fulfilled on/i,
];

export function helmJson(answer: CommandAnswer, what: string): unknown {
  try {
    return JSON.parse(answer.stdout);
  } catch (error) {
    throw oddAnswer(what, error);
  }
}

const oddAnswer = (what: string, cause?: unknown) =>
  new CrossfadeError("HELM_FAILED", reason("helm-answer-invalid", { command: what }), { cause });

/** A list, and never anything else taken for an empty one: "no release" must not come from a broken helm. */
function helmList(answer: CommandAnswer, what: string): readonly unknown[] {
  const found = helmJson(answer, what) ?? [];
  if (Array.isArray(found)) return found;
  throw oddAnswer(what);
}

/** What a helm that failed becomes: out of reach is Unavailable, all else HELM_FAILED in helm's own words. */
export function helmFailure(what: string, answer: CommandAnswer): Error {
  const errors = complaintOf(answer);
  const why = complaintText(errors);
  const admission = errors.map((error) => admissionIn([error]));
  const [down] = admission;
  if (down && admission.every((one) => one?.kind === "unavailable"))
    return new AdmissionUnavailable({ by: down.by, message: `${what} met: ${down.message}` });
  if (errors.every(isApiTrouble)) return new Unavailable(`${what} met: ${why}`);
  return new CrossfadeError("HELM_FAILED", complaint(what, why));
}

/** A chart repository that is out of reach is no trouble of the cluster's. */
const isApiTrouble = (error: string) => apiTrouble.some((words) => words.test(error)) && !/chart|repo/i.test(error);

/** helm has no codes: only its words tell what it failed for. Here, and nowhere else, they are told apart. */
function complaint(command: string, said: string): Reason {
  if (/another operation .* in progress/i.test(said)) return reason("helm-operation-pending", { command, said });
  const admission = admissionIn([said]);
  if (admission) return reason("helm-admission-denied", { command, said, by: admission.by });
  if (/ is forbidden: /.test(said)) return reason("helm-forbidden", { command, said });
  return reason("helm-failed", { command, said });
}

function releaseOf(entry: unknown): HelmReleaseFacts {
  const chart = text(at(entry, "chart"));
  return {
    name: text(at(entry, "name")),
    namespace: text(at(entry, "namespace")),
    chart,
    version: /-v?(\d+\.\d+\.\d+.*)$/.exec(chart)?.[1] ?? text(at(entry, "app_version")),
    status: text(at(entry, "status")),
    revision: number(Number(at(entry, "revision"))),
  };
}

/** As helm checks names (chartutil.ValidateReleaseName), and Kubernetes those of namespaces. */
const helmName = /^(?=.{1,53}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Releases as `helm list` sees them, whatever their status; `where` narrows it by namespace or name. */
export async function listReleases(
  helm: Helm,
  where: readonly string[],
  signal?: AbortSignal,
): Promise<readonly HelmReleaseFacts[]> {
  // helm 4 shows every status by itself and knows no --all. Without --max the 257th release is left out.
  const everything = (await helm.major()) === 3 ? ["--all"] : [];
  const args = ["list", ...where, ...everything, "--max", "10000", "-o", "json"];
  const answer = await helm.run({ args, ...(signal === undefined ? {} : { signal }) });
  if (answer.exitCode !== 0) throw helmFailure("helm list", answer);
  const releases = helmList(answer, "helm list").map(releaseOf);
  // A release is a Secret, which any tenant may write: one whose name helm would not give is an argument to helm, and none of ours.
  return releases.filter(
    ({ status, name, namespace }) => status !== "uninstalled" && helmName.test(name) && dnsLabel.test(namespace),
  );
}

/**
 * All releases; those of one namespace where we may not read the Secrets of all: helm keeps its releases in them, and no
 * role needs to open every Secret of a cluster for a look at Cilium's.
 */
export async function releasesInSight(
  helm: Helm,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly HelmReleaseFacts[]> {
  try {
    return await listReleases(helm, ["-A"], signal);
  } catch (error) {
    if (!(error instanceof CrossfadeError) || error.reason.code !== "helm-forbidden") throw error;
    return listReleases(helm, ["-n", namespace], signal);
  }
}

/** The newest revision that once worked, or null. */
export async function lastGoodRevision(helm: Helm, release: string, namespace: string): Promise<number | null> {
  const answer = await helm.run({ args: ["history", release, "-n", namespace, "-o", "json"] });
  if (answer.exitCode !== 0) throw helmFailure("helm history", answer);
  const entries = helmList(answer, "helm history");
  const good = entries.filter((entry) => ["deployed", "superseded"].includes(text(at(entry, "status"))));
  return good.length === 0 ? null : Math.max(...good.map((entry) => number(at(entry, "revision"))));
}

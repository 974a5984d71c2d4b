import {
  type PolicyEndpoint,
  type PolicyEnforcement,
  type PolicyMode,
  policyEnforcements,
} from "../../engine/model/policies/policy-settings.ts";
import { at, list, number, text, textMap, texts } from "../objects/read.ts";

/** Without an argument it prints what can be set at run time, with it sets that. */
export const settingsCommand = ["cilium-dbg", "config"];
export const endpointsCommand = ["cilium-dbg", "endpoint", "list", "-o", "json"];

const enforcementIn = (words: string | undefined): PolicyEnforcement =>
  policyEnforcements.find((one) => one === words?.toLowerCase()) ?? "default";

/** `Name   : Value`. */
const optionIn = (printed: string, name: string): string | undefined =>
  new RegExp(`^${name}\\s*:\\s*(\\S+)\\s*$`, "m").exec(printed)?.[1];

/** What `cilium-dbg config` prints; null where it is something else. */
export function settingsIn(printed: string): { readonly now: PolicyMode; readonly tellsVerdicts: boolean } | null {
  const [enforcement, audits] = [optionIn(printed, "PolicyEnforcement"), optionIn(printed, "PolicyAuditMode")];
  if (enforcement === undefined || audits === undefined) return null;
  return {
    now: { enforcement: enforcementIn(enforcement), audits: audits === "Enabled" },
    tellsVerdicts: optionIn(printed, "PolicyVerdictNotification") !== "Disabled",
  };
}

/** The same of the configuration from which the agent starts: "" where a key is not there. */
export const startedAs = (enforcement: string, audits: string): PolicyMode => ({
  enforcement: enforcementIn(enforcement),
  audits: audits === "true",
});

const fromKubernetes = "k8s:";

/** "k8s:app=web" is app → web; labels of other sources are Cilium's own. */
const labelsIn = (labels: readonly string[]): Readonly<Record<string, string>> =>
  textMap(
    Object.fromEntries(
      labels
        .filter((label) => label.startsWith(fromKubernetes))
        .map((label) => label.slice(fromKubernetes.length))
        .map((label) => [label.split("=")[0] ?? "", label.split("=").slice(1).join("=")]),
    ),
  );

/** One of Cilium's own has neither, and "/" for both together. */
function podOf(endpoint: unknown): string | null {
  const ids = at(endpoint, "status", "external-identifiers");
  const [namespace, name] = [text(at(ids, "k8s-namespace")), text(at(ids, "k8s-pod-name"))];
  if (namespace !== "" && name !== "") return `${namespace}/${name}`;
  const whole = text(at(ids, "pod-name"));
  return /^[^/]+\/[^/]+$/.test(whole) ? whole : null;
}

function endpointOf(endpoint: unknown): PolicyEndpoint {
  const status = at(endpoint, "status");
  const enabled = text(at(status, "policy", "realized", "policy-enabled"));
  const [last] = list(at(status, "log"));
  const holds = (direction: string) => enabled.endsWith(direction) || enabled.endsWith("both");
  return {
    id: number(at(endpoint, "id")),
    ip: text(at(list(at(status, "networking", "addressing"))[0], "ipv4")),
    pod: podOf(endpoint),
    labels: labelsIn(texts(at(status, "identity", "labels"))),
    audits: text(at(endpoint, "spec", "options", "PolicyAuditMode")) === "Enabled",
    guarded: { ingress: holds("ingress"), egress: holds("egress") },
    ready: text(at(status, "state")) === "ready",
    built: `${text(at(last, "timestamp"))} ${text(at(last, "message"))}`,
  };
}

/** An endpoint for Envoy's listeners has no programs, and is never built. */
const hasPrograms = (endpoint: unknown) =>
  !texts(at(endpoint, "status", "identity", "labels")).includes("reserved:ingress");

/** What `cilium-dbg endpoint list -o json` prints. */
export const endpointsIn = (printed: unknown): readonly PolicyEndpoint[] =>
  list(printed).filter(hasPrograms).map(endpointOf);

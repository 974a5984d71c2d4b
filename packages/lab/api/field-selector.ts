import type { KubeObject } from "../objects.ts";
import { badRequest } from "../store/api-error.ts";
import type { Resource } from "../store/resource.ts";
import { stepInto } from "./serve/step-into.ts";

/** True for objects that a list or watch should hold. */
export type FieldMatch = (object: KubeObject) => boolean;

/** Besides metadata.name and metadata.namespace; the API server knows no others and answers 400. */
const selectable: Readonly<Record<string, readonly string[]>> = {
  pods: [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.podIPs",
    "status.nominatedNodeName",
  ],
  nodes: ["spec.unschedulable"],
  namespaces: ["status.phase"],
  secrets: ["type"],
  services: ["spec.clusterIP", "spec.type"],
  replicationcontrollers: ["status.replicas"],
  "apps/replicasets": ["status.replicas"],
  "batch/jobs": ["status.successful"],
};

const eventFields = ["reason", "reportingComponent", "source", "type"];
const eventTargets = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];

/** Parses `a=b,c!=d`; null when there is nothing to select; 400 for a field that the kind does not offer. */
export function parseFieldSelector(text: string, resource: Resource): FieldMatch | null {
  const terms = text
    .split(/(?<!\\),/)
    .filter((term) => term.trim() !== "")
    .map((term) => parseTerm(term, resource));
  if (terms.length === 0) return null;
  return (object) => terms.every((matches) => matches(object));
}

function parseTerm(term: string, resource: Resource): FieldMatch {
  const [, field, operator, raw] = /^\s*([^=!]+?)\s*(==|=|!=)(.*)$/.exec(term) ?? [];
  if (field === undefined || raw === undefined) {
    throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  }
  const wanted = raw.trim().replace(/\\([,=\\])/g, "$1");
  const read = reader(field, resource);
  return operator === "!=" ? (object) => read(object) !== wanted : (object) => read(object) === wanted;
}

const falseWhenAbsent = new Set(["spec.unschedulable", "spec.hostNetwork"]);

function reader(field: string, resource: Resource): (object: KubeObject) => string {
  if (field === "metadata.name") return ({ metadata }) => metadata.name;
  if (field === "metadata.namespace" && resource.namespaced) return ({ metadata }) => metadata.namespace ?? "";
  const events = resource.plural === "events" ? eventReader(field) : null;
  if (events) return events;
  if (!selectable[resource.name]?.includes(field)) throw badRequest(`field label not supported: ${field}`);
  const path = field === "status.podIPs" ? ["status", "podIP"] : field.split(".");
  return (object) => asText(stepInto(object, path), falseWhenAbsent.has(field) ? "false" : "");
}

/** events.k8s.io names the same things differently; both forms of an object are understood. */
function eventReader(field: string): ((object: KubeObject) => string) | null {
  const [owner, target = ""] = field.split(".");
  if ((owner === "involvedObject" || owner === "regarding") && eventTargets.includes(target)) {
    return (object) => asText(stepInto(object.involvedObject ?? object.regarding, [target]), "");
  }
  if (!eventFields.includes(field)) return null;
  if (field === "source") return (object) => asText(stepInto(object, ["source", "component"]), "");
  return (object) => asText(object[field], "");
}

function asText(value: unknown, absent: string): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : absent;
}

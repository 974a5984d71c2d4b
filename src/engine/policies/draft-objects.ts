import type { ObjectRef } from "../model/cluster/object-ref.ts";
import type { JsonObject, JsonValue } from "../model/plan-types.ts";
import { type PolicyView, policyName } from "../model/policies/policy-view.ts";
import type { SourceRight } from "../model/ports/source-directory.ts";
import { listIn, objectIn, textIn } from "./json-in.ts";

/** Kinds that drafts are made of, those first that others refer to, with the plural by which the API serves each. */
export const draftKinds = {
  CiliumCIDRGroup: "ciliumcidrgroups",
  CiliumClusterwideNetworkPolicy: "ciliumclusterwidenetworkpolicies",
  CiliumNetworkPolicy: "ciliumnetworkpolicies",
} as const;
export type DraftKind = keyof typeof draftKinds;

const versions: Readonly<Record<DraftKind, readonly string[]>> = {
  CiliumCIDRGroup: ["cilium.io/v2", "cilium.io/v2alpha1"],
  CiliumClusterwideNetworkPolicy: ["cilium.io/v2"],
  CiliumNetworkPolicy: ["cilium.io/v2"],
};

/** On what `policies apply` made, and on nothing else. */
export const draftLabel = "cni-crossfade/policy-draft";
/** What a draft was made from, by kind and name. */
export const originAnnotation = "cni-crossfade/made-from";
/** By which the API server knows whose fields are whose. */
const fieldManager = "crossfade";

/** What it takes to apply drafts and to remove them. */
export const draftRights: readonly SourceRight[] = Object.values(draftKinds).map((resource) => ({
  group: "cilium.io",
  resource,
  verbs: ["create", "delete", "get", "list", "patch"],
}));

/** An object that is to be applied. */
export interface Draft {
  readonly ref: ObjectRef & { readonly kind: DraftKind };
  readonly object: JsonObject;
  /** Kind and name of a policy, or the file's name. */
  readonly origin: string;
}

/** Why an object is none that can be applied. */
export type NoDraft = "no-object" | "other-kind" | "no-name" | "no-namespace" | "generated";

const isDraftKind = (kind: string): kind is DraftKind => Object.hasOwn(draftKinds, kind);

function missing(kind: DraftKind, { name, namespace, uid, resourceVersion }: JsonObject): NoDraft | null {
  if (textIn(name) === "") return "no-name";
  if (kind === "CiliumNetworkPolicy" && textIn(namespace) === "") return "no-namespace";
  return uid === undefined && resourceVersion === undefined ? null : "generated";
}

/** As it will be applied: with our label and where it comes from; or why it cannot be. */
export function asDraft(value: JsonValue, from: string): Draft | NoDraft {
  const object = objectIn(value);
  const [apiVersion, kind] = [textIn(object["apiVersion"]), textIn(object["kind"])];
  if (apiVersion === "" || kind === "") return "no-object";
  if (!isDraftKind(kind) || !versions[kind].includes(apiVersion)) return "other-kind";
  const metadata = objectIn(object["metadata"]);
  const fault = missing(kind, metadata);
  if (fault !== null) return fault;
  const annotations = objectIn(metadata["annotations"]);
  const origin = textIn(annotations[originAnnotation]) || from;
  const namespace = kind === "CiliumNetworkPolicy" ? textIn(metadata["namespace"]) : null;
  // What the server writes is not ours to apply.
  const { status: _status, ...wanted } = object;
  return {
    ref: { apiVersion, kind, namespace, name: textIn(metadata["name"]) },
    origin,
    object: {
      ...wanted,
      metadata: {
        ...metadata,
        labels: { ...objectIn(metadata["labels"]), [draftLabel]: "true" },
        annotations: { ...annotations, [originAnnotation]: origin },
      },
    },
  };
}

/** A policy's drafts, each with the name of what it was made from. */
export const draftsWithOrigin = (policy: PolicyView): readonly JsonObject[] =>
  policy.drafts.map((draft) => {
    const metadata = objectIn(draft["metadata"]);
    const annotations = { ...objectIn(metadata["annotations"]), [originAnnotation]: policyName(policy) };
    return { ...draft, metadata: { ...metadata, annotations } };
  });

const order = Object.keys(draftKinds);

/** Those first that others refer to. */
export const inOrder = <T extends { readonly ref: ObjectRef }>(drafts: readonly T[]): readonly T[] =>
  drafts.toSorted((one, other) => order.indexOf(one.ref.kind) - order.indexOf(other.ref.kind));

/** Who wrote fields of an object besides us, and not its status. */
export function othersIn(object: JsonObject): readonly string[] {
  const entries = listIn(objectIn(object["metadata"])["managedFields"]).map(objectIn);
  const names = entries
    .filter(({ manager, subresource }) => manager !== fieldManager && textIn(subresource) === "")
    .map(({ manager }) => textIn(manager));
  return [...new Set(names)];
}

/** Whether `policies apply` made it: by our label, and by our fields as the API server counts them. */
export function isApplied(object: JsonObject): boolean {
  const metadata = objectIn(object["metadata"]);
  const entries = listIn(metadata["managedFields"]).map(objectIn);
  const byUs = entries.some(({ manager, operation }) => manager === fieldManager && operation === "Apply");
  return byUs && objectIn(metadata["labels"])[draftLabel] === "true";
}

/** An object that `policies apply` made, as it is now. */
export interface AppliedDraft {
  readonly ref: ObjectRef;
  readonly uid: string;
  readonly origin: string;
  /** Who changed it since. */
  readonly others: readonly string[];
}

/** Of these objects of one kind, those that `policies apply` made. */
export function appliedIn(objects: readonly JsonObject[]): readonly AppliedDraft[] {
  return objects.filter(isApplied).map((object) => {
    const metadata = objectIn(object["metadata"]);
    const namespace = textIn(metadata["namespace"]);
    return {
      ref: {
        apiVersion: textIn(object["apiVersion"]),
        kind: textIn(object["kind"]),
        namespace: namespace === "" ? null : namespace,
        name: textIn(metadata["name"]),
      },
      uid: textIn(metadata["uid"]),
      origin: textIn(objectIn(metadata["annotations"])[originAnnotation]),
      others: othersIn(object),
    };
  });
}

/** "CiliumNetworkPolicy shop/web". */
export const draftName = ({ kind, namespace, name }: ObjectRef): string =>
  `${kind} ${namespace === null ? "" : `${namespace}/`}${name}`;

import type { KubeObject } from "../objects.ts";
import { badRequest } from "../store/api-error.ts";
import { type Answer, json } from "./answer.ts";
import { type Call, methodNotAllowed } from "./call.ts";
import { stepInto } from "./step-into.ts";

/** What a review asks about; nonResourceAttributes have only path and verb. */
export interface AccessQuestion {
  readonly verb?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly path?: string;
}

/** May the one user of the lab do this? A string is the reason why not. */
export type Authorize = (question: AccessQuestion) => true | string;

type Review = (call: Call, body: KubeObject) => Record<string, unknown>;

/** Kinds that are computed from the request and never stored. */
const reviews: Readonly<Record<string, Review>> = {
  SelfSubjectAccessReview: accessStatus,
  SubjectAccessReview: accessStatus,
  LocalSubjectAccessReview: accessStatus,
  SelfSubjectRulesReview: () => ({
    resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
    nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
    incomplete: false,
  }),
  SelfSubjectReview: () => ({ userInfo: labUser }),
  TokenReview: (_call, body) => {
    const token = stepInto(body.spec, ["token"]);
    return typeof token === "string" && token !== ""
      ? { authenticated: true, user: labUser }
      : { authenticated: false };
  },
};

const labUser = { username: "kubernetes-admin", groups: ["kubeadm:cluster-admins", "system:authenticated"] };

function accessStatus({ world }: Call, body: KubeObject): Record<string, unknown> {
  const question = stepInto(body.spec, ["resourceAttributes"]) ?? stepInto(body.spec, ["nonResourceAttributes"]);
  if (!question) throw badRequest("exactly one of nonResourceAttributes or resourceAttributes must be specified");
  const verdict = world.authorize(question);
  return verdict === true
    ? { allowed: true, reason: "the embedded cluster has one user, who may do all" }
    : { allowed: false, reason: verdict };
}

/** POST of a review: the body with its status filled in. */
export function reviewAnswer(call: Call, body: KubeObject): Answer {
  const review = reviews[call.resource.kind];
  if (!review) throw methodNotAllowed();
  const metadata = { ...body.metadata, creationTimestamp: null };
  return json({ ...body, kind: call.resource.kind, metadata, status: review(call, body) }, 201);
}

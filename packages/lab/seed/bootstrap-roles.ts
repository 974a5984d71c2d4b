import type { Seed } from "./seed-world.ts";

const group = "rbac.authorization.k8s.io";

interface Bootstrap {
  readonly role: string;
  readonly rules: readonly Record<string, readonly string[]>[];
  /** Groups that have it. */
  readonly bound: readonly string[];
}

const authorization = "authorization.k8s.io";
const everybody = "system:authenticated";

/** What the API server plants for itself (plugin/pkg/auth/authorizer/rbac/bootstrappolicy), as far as a migration meets it. */
const bootstraps: readonly Bootstrap[] = [
  {
    role: "cluster-admin",
    rules: [
      { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
      { nonResourceURLs: ["*"], verbs: ["*"] },
    ],
    bound: ["system:masters", "kubeadm:cluster-admins"],
  },
  {
    role: "system:basic-user",
    rules: [
      {
        apiGroups: [authorization],
        resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
        verbs: ["create"],
      },
      { apiGroups: ["authentication.k8s.io"], resources: ["selfsubjectreviews"], verbs: ["create"] },
    ],
    bound: [everybody],
  },
  {
    role: "system:discovery",
    rules: [
      {
        nonResourceURLs: [
          "/api",
          "/api/*",
          "/apis",
          "/apis/*",
          "/healthz",
          "/livez",
          "/openapi",
          "/openapi/*",
          "/readyz",
          "/version",
          "/version/",
        ],
        verbs: ["get"],
      },
    ],
    bound: [everybody],
  },
];

/** Every user may look around and ask what they may; administrators may do all. */
export function bootstrapRoles(): Seed[] {
  return bootstraps.flatMap(({ role, rules, bound }): Seed[] => [
    [`${group}/clusterroles`, { apiVersion: `${group}/v1`, kind: "ClusterRole", metadata: { name: role }, rules }],
    ...bound.map((name): Seed => {
      const binding = name.startsWith("kubeadm:") ? name : role;
      return [
        `${group}/clusterrolebindings`,
        {
          apiVersion: `${group}/v1`,
          kind: "ClusterRoleBinding",
          metadata: { name: binding },
          roleRef: { apiGroup: group, kind: "ClusterRole", name: role },
          subjects: [{ kind: "Group", name, apiGroup: group }],
        },
      ];
    }),
  ]);
}

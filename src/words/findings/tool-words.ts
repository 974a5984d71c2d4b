import type { toolFindings } from "../../engine/model/reasons/findings/tool-findings.ts";
import { counted } from "../../engine/model/some-of.ts";
import { unprovenApiWords } from "../api-words.ts";
import { type ChecksInWords, either, found, listed } from "./found.ts";

interface Tested {
  readonly line: string;
  readonly low: number;
  readonly high: number;
}

const tested = ({ line, low, high }: Tested) => `Cilium ${line} is tested with Kubernetes 1.${low} to 1.${high}`;

/** Checks of rights and tools: names, and what each finds. */
export const toolWords: ChecksInWords<typeof toolFindings> = {
  admission: {
    title: "Admission accepts our writes",
    accepted: "the run begins, and fails at the first write that is still refused",
    finds: {
      "writes-refused": (writes) =>
        found(
          `${counted(writes.count, "write")} of the migration would be refused, says a dry run: ${listed(writes)}`,
          "change the policy or webhook, or exempt these objects from it; to begin all the same: --accept admission",
        ),
      "writes-untried": (writes) =>
        found(
          `${counted(writes.count, "write")} of the migration could not be tried by dry run: ${listed(writes)}`,
          "check that no admission policy or webhook refuses them",
        ),
      "writes-accepted": ({ count }) => found(`${count} kinds of writes of the migration passed a server-side dry run`),
      "writes-accepted-so-far": ({ count }) =>
        found(
          `${count} kinds of writes of the migration passed a server-side dry run; those inside namespace crossfade are tried by the step prepare, because it does not exist yet`,
        ),
    },
  },
  "api-connection": {
    title: "API server certificate is verified",
    ok: "The connection uses TLS, and the certificate of the API server is verified",
    finds: {
      "api-without-tls": ({ server }) =>
        found(
          unprovenApiWords.none(server),
          "use an https server in the kubeconfig, unless the connection stays on this machine (kubectl proxy, a tunnel)",
        ),
      "api-unverified": ({ server }) =>
        found(
          unprovenApiWords.unverified(server),
          "set certificate-authority in the kubeconfig, and remove insecure-skip-tls-verify",
        ),
    },
  },
  backup: {
    title: "A backup is named",
    finds: {
      "backup-not-named": ({ source }) =>
        found(
          `No backup is named: after ${source} is removed, only one brings it back`,
          "save etcd (ETCDCTL_API=3 etcdctl snapshot save FILE on a control plane), the old CNI's objects and all NetworkPolicies (crossfade plan --save-source DIR), and /etc/cni/net.d of one node; then name them: --backup-taken 'WHAT AND WHERE'",
        ),
      "backup-named": ({ backup }) => found(`You named a backup: ${backup}; that it can be restored is not checked`),
    },
  },
  "helm-present": {
    title: "helm is installed",
    finds: {
      "helm-missing": () =>
        found(
          "helm was not found; Cilium is installed with it",
          "install helm 3 or 4 (https://helm.sh/docs/intro/install) and put it on the PATH",
        ),
      "helm-unsupported": ({ version }) =>
        found(`helm ${version} is neither 3 nor 4`, "install helm 3 or 4 and put it on the PATH"),
      "helm-found": ({ version }) => found(`helm ${version}`),
    },
  },
  "helm-release": {
    title: "No pending Helm release of Cilium",
    ok: "No Helm release of Cilium is pending",
    finds: {
      "helm-release-pending": ({ release, namespace, status, rollback }) => {
        const way =
          rollback === null
            ? `helm uninstall ${release} -n ${namespace}`
            : `helm rollback ${release} ${rollback} -n ${namespace}`;
        return found(
          `Helm release ${release} is ${status}: another helm is running, or was killed`,
          `wait for it; if no helm is running any more: ${way}`,
        );
      },
    },
  },
  "own-namespace": {
    title: "Namespace crossfade is ours",
    ok: "Namespace crossfade was created by Crossfade",
    finds: {
      "namespace-missing": () => found("Namespace crossfade does not exist yet; the run creates it"),
      "namespace-unknown": () =>
        found(
          "Whether namespace crossfade exists, and who created it, could not be asked",
          "check with: kubectl get namespace crossfade --show-labels",
        ),
      "namespace-of-others": () =>
        found(
          "Namespace crossfade exists and was not created by Crossfade: anyone who may write in it can record a run, request pauses and exec into the probe pods",
          "check who may: kubectl -n crossfade get rolebindings -o wide; it is used as it is and never deleted",
        ),
    },
  },
  permissions: {
    title: "RBAC permissions",
    finds: {
      "rights-not-asked": () =>
        found("Which RBAC permissions this user has could not be asked", "check them with: kubectl auth can-i --list"),
      "rights-given": ({ count }) => found(`All RBAC permissions that the run needs are granted (${count} checked)`),
      "rights-to-finalize-missing": (rights) =>
        found(
          `The RBAC permissions cover all nodes and their rollback; removing the old CNI needs ${rights.count} more: ${listed(rights)}`,
          "grant the role that crossfade rbac --stage finalize prints by then",
        ),
      "rights-missing": (rights) =>
        found(
          `${counted(rights.count, "RBAC permission")} ${either(rights, "is", "are")} missing: ${listed(rights)}`,
          "grant the role that crossfade rbac prints, or use the context of a user who has it: --context NAME",
        ),
    },
  },
  "version-matrix": {
    title: "Kubernetes and Cilium versions are compatible",
    finds: {
      "versions-unknown": ({ cilium, kubernetes }) =>
        found(
          `Whether Cilium ${cilium} is tested with Kubernetes ${kubernetes} is unknown to this version`,
          "see Cilium's Kubernetes compatibility page",
        ),
      "versions-untested": ({ cilium, kubernetes, better, ...range }) =>
        found(
          `Cilium ${cilium} with Kubernetes ${kubernetes} is untested: ${tested(range)}`,
          better === null ? "test it on a copy of the cluster first" : `choose a --cilium-version ${better}.x`,
        ),
      "versions-tested": (range) => found(tested(range)),
    },
  },
};

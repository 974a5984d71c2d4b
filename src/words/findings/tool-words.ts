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
  "api-connection": {
    title: "API server certificate is verified",
    ok: "The connection to the API server is by TLS, and its certificate is verified",
    finds: {
      "api-without-tls": ({ server }) =>
        found(
          unprovenApiWords.none(server),
          "name an https address in the kubeconfig, unless the way is this machine's own (kubectl proxy, a tunnel)",
        ),
      "api-unverified": ({ server }) =>
        found(
          unprovenApiWords.unverified(server),
          "put the cluster's certificate-authority into the kubeconfig, and take insecure-skip-tls-verify out",
        ),
    },
  },
  "helm-present": {
    title: "helm is installed",
    finds: {
      "helm-missing": () =>
        found(
          "helm was not found, and Cilium is installed with it",
          "install helm 3 or 4 (https://helm.sh/docs/intro/install) and put it on the PATH",
        ),
      "helm-unsupported": ({ version }) =>
        found(`helm ${version} is neither 3 nor 4`, "install helm 3 or 4 and put it on the PATH"),
      "helm-found": ({ version }) => found(`helm ${version}`),
    },
  },
  "helm-release": {
    title: "No pending Helm release of Cilium",
    ok: "No helm release of Cilium is unfinished",
    finds: {
      "helm-release-pending": ({ release, namespace, status, rollback }) => {
        const way =
          rollback === null
            ? `helm uninstall ${release} -n ${namespace}`
            : `helm rollback ${release} ${rollback} -n ${namespace}`;
        return found(
          `The helm release ${release} is ${status}: another helm is at work, or was killed`,
          `wait for it; if none runs any more: ${way}`,
        );
      },
    },
  },
  "own-namespace": {
    title: "Namespace crossfade is ours",
    ok: "Namespace crossfade was made by Crossfade",
    finds: {
      "namespace-missing": () => found("Namespace crossfade is not there yet, and is made by the run"),
      "namespace-unknown": () =>
        found(
          "Whether there is a namespace crossfade, and whose it is, could not be asked",
          "see it with: kubectl get namespace crossfade --show-labels",
        ),
      "namespace-of-others": () =>
        found(
          "Namespace crossfade is there already and was not made by Crossfade: who may write in it can record a run, ask for pauses and exec into the probe pods",
          "see who may: kubectl -n crossfade get rolebindings -o wide; it is used as it is, and is not Crossfade's to delete",
        ),
    },
  },
  permissions: {
    title: "RBAC permissions",
    finds: {
      "rights-not-asked": () =>
        found("Which rights we have could not be asked", "check them with: kubectl auth can-i --list"),
      "rights-given": ({ count }) => found(`Every right that the run needs is given (${count} asked)`),
      "rights-to-finalize-missing": (rights) =>
        found(
          `The rights reach to the last node and back; to remove the old CNI ${rights.count} more will be needed: ${listed(rights)}`,
          "have the role that crossfade rbac --stage finalize prints by then",
        ),
      "rights-missing": (rights) =>
        found(
          `${counted(rights.count, "right")} ${either(rights, "is", "are")} missing: ${listed(rights)}`,
          "give the role that crossfade rbac prints, or use a context whose user has it, for example with --context NAME",
        ),
    },
  },
  "version-matrix": {
    title: "Kubernetes and Cilium versions are compatible",
    finds: {
      "versions-unknown": ({ cilium, kubernetes }) =>
        found(
          `Whether Cilium ${cilium} with Kubernetes ${kubernetes} is tested is not known here`,
          "look it up in Cilium's compatibility page",
        ),
      "versions-untested": ({ cilium, kubernetes, better, ...range }) =>
        found(
          `Cilium ${cilium} with Kubernetes ${kubernetes} is untested: ${tested(range)}`,
          better === null ? "try it on a copy of the cluster first" : `choose a --cilium-version ${better}.x`,
        ),
      "versions-tested": (range) => found(tested(range)),
    },
  },
};

import { failed, type SayersOf } from "../said.ts";

const contextsIn = (contexts: readonly string[]): string =>
  contexts.length === 0 ? "it holds none" : `it has ${contexts.join(", ")}`;

/** The kubeconfig, and what of it leads to the cluster. */
export const kubeconfigFailureWords: SayersOf<
  | "kubeconfig-not-found"
  | "kubeconfig-unreadable"
  | "kubeconfig-not-yaml"
  | "kubeconfig-empty"
  | "kubeconfig-aliases"
  | "no-current-context"
  | "no-such-context"
  | "context-incomplete"
  | "server-address-invalid"
  | "server-address-has-password"
  | "proxy-address-invalid"
  | "impersonation-without-user"
> = {
  "kubeconfig-not-found": ({ files }) => {
    const where =
      files.length === 0 ? "this user has no home, and KUBECONFIG is not set" : `looked at ${files.join(", ")}`;
    return failed(
      `No kubeconfig was found: ${where}.`,
      "name one with --kubeconfig FILE, or try the built-in cluster with crossfade demo",
    );
  },
  "kubeconfig-unreadable": ({ file, said }) =>
    failed(
      `The kubeconfig ${file} cannot be read: ${said}.`,
      `make ${file} a readable file, or name another one with --kubeconfig`,
    ),
  "kubeconfig-not-yaml": ({ file, line, said }) =>
    failed(`The kubeconfig ${file} is not YAML: line ${line}: ${said}.`, `correct line ${line} of ${file}`),
  "kubeconfig-empty": ({ file }) =>
    failed(
      `The kubeconfig ${file} is no kubeconfig: it holds no clusters, users and contexts.`,
      "name a kubeconfig with --kubeconfig",
    ),
  "kubeconfig-aliases": ({ file, said }) =>
    failed(`The kubeconfig ${file} cannot be read: ${said}.`, `take the YAML aliases out of ${file}`),
  "no-current-context": ({ files, contexts }) =>
    failed(
      `The kubeconfig ${files} has no current context; ${contextsIn(contexts)}.`,
      "choose one with --context NAME",
    ),
  "no-such-context": ({ context, files, contexts }) =>
    failed(
      `There is no context ${context} in the kubeconfig ${files}: ${contextsIn(contexts)}.`,
      "choose one of them with --context NAME",
    ),
  "context-incomplete": ({ context, files, kind, name }) =>
    failed(
      `Context ${context} names the ${kind} ${name === "" ? "(none)" : name}, which the kubeconfig ${files} does not have.`,
      `add the ${kind} to the kubeconfig, or choose another context with --context`,
    ),
  "server-address-invalid": ({ context, files, server }) =>
    failed(
      `The cluster of context ${context} has no usable server address ("${server}").`,
      `correct the field server in ${files}`,
    ),
  "server-address-has-password": ({ context, files }) =>
    failed(
      `The server address of context ${context} carries a user name or a password.`,
      `move them to the fields username and password of its user in ${files}`,
    ),
  "proxy-address-invalid": ({ field }) =>
    failed(`The ${field} is no proxy address that can be used.`, "give it as http://, https:// or socks5://HOST:PORT"),
  "impersonation-without-user": () =>
    failed(
      "The kubeconfig impersonates a uid, groups or extra fields without naming a user.",
      "set the field as of the user, or take as-uid, as-groups and as-user-extra out",
    ),
};

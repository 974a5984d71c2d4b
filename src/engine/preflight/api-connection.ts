import { type Check, ok, warning } from "./check.ts";

/** Whoever stands between us and an API server that is not proven can read the credentials and answer as it likes. */
export const apiConnection: Check = {
  id: "api-connection",
  title: "The API server proves who it is",
  check({ facts: { server, tlsUnverified } }) {
    if (server.startsWith("http:"))
      return warning(
        `${server} is asked without TLS: whoever is on the way reads the credentials and may answer in its place`,
        "name an https address in the kubeconfig, unless the way is this machine's own (kubectl proxy, a tunnel)",
        [server],
      );
    if (tlsUnverified)
      return warning(
        `The certificate of ${server} is not verified (insecure-skip-tls-verify): whoever is on the way may answer in its place`,
        "put the cluster's certificate-authority into the kubeconfig, and take insecure-skip-tls-verify out",
        [server],
      );
    return ok("The connection to the API server is by TLS, and its certificate is verified");
  },
};

import { unprovenApi } from "../../model/cluster/api-tls.ts";
import { type Check, ok, warning } from "../check.ts";

const remedies = {
  none: "name an https address in the kubeconfig, unless the way is this machine's own (kubectl proxy, a tunnel)",
  unverified: "put the cluster's certificate-authority into the kubeconfig, and take insecure-skip-tls-verify out",
  verified: "",
} as const;

/** Whoever stands between us and an API server that is not proven can read the credentials and answer as it likes. */
export const apiConnection: Check = {
  id: "api-connection",
  title: "API server certificate is verified",
  check({ facts: { server, tls } }) {
    const unproven = unprovenApi(server, tls);
    if (unproven !== null) return warning(unproven, remedies[tls], [server]);
    return ok("The connection to the API server is by TLS, and its certificate is verified");
  },
};

import type { Credentials } from "../../../src/kube/auth/credentials.ts";
import { HttpKubeClient } from "../../../src/kube/client/http.ts";
import { Transport } from "../../../src/kube/client/transport.ts";

/** A client of the server at `url` that needs no credentials. */
export function clientOf(url: string, credentials?: Partial<Credentials>): HttpKubeClient {
  const transport = new Transport({
    current: () => Promise.resolve({ server: url, tls: {}, proxy: null, headers: {} }),
    refresh: () => Promise.resolve(false),
    ...credentials,
  });
  return new HttpKubeClient({ context: "test", server: url, kubeconfigPath: "/tmp/kubeconfig" }, transport);
}

import type { Credentials } from "../../../src/kube/auth/credentials.ts";
import { HttpKubeClient } from "../../../src/kube/client/http.ts";
import type { LinkTimer } from "../../../src/kube/client/link-timer.ts";
import { Transport } from "../../../src/kube/client/transport.ts";

/** A client of the server at `url` that needs no credentials. */
export function clientOf(url: string, credentials?: Partial<Credentials>, timer?: LinkTimer): HttpKubeClient {
  const transport = new Transport(
    {
      current: () => Promise.resolve({ server: url, tls: {}, proxy: null, headers: {} }),
      refresh: () => Promise.resolve(false),
      ...credentials,
    },
    timer,
  );
  return new HttpKubeClient({ context: "test", server: url, kubeconfigPath: "/tmp/kubeconfig" }, transport);
}

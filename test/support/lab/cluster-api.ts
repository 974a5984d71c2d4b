import { request } from "node:https";
import { parse } from "yaml";

/** Asks the cluster's API as any client may; answers with what the server said. */
export type ClusterApi = (
  method: "GET" | "PATCH" | "POST" | "DELETE",
  path: string,
  body?: unknown,
) => Promise<unknown>;

interface Kubeconfig {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly "certificate-authority-data": string };
  }[];
  readonly users: readonly { readonly user: { readonly token: string } }[];
}

/** The hand of somebody else at the cluster: a plain HTTP client on the lab's kubeconfig. */
export function clusterApi(kubeconfig: string): ClusterApi {
  const { clusters, users } = parse(kubeconfig) as Kubeconfig;
  const [{ cluster } = { cluster: { server: "", "certificate-authority-data": "" } }] = clusters;
  const ca = Buffer.from(cluster["certificate-authority-data"], "base64");
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
      const asked = request(
        new URL(path, cluster.server),
        {
          method,
          ca,
          agent: false,
          headers: { authorization: `Bearer ${users[0]?.user.token}`, "content-type": type },
        },
        (answer) => {
          let text = "";
          answer.setEncoding("utf8").on("data", (part: string) => {
            text += part;
          });
          answer.once("end", () => {
            if ((answer.statusCode ?? 500) < 300) resolve(JSON.parse(text));
            else reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`));
          });
        },
      );
      asked.once("error", reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
}

/** A kubeconfig with one cluster, one user with a token, and one context, in the JSON that YAML readers read too. */
export function kubeconfigText(server: string, certificateAuthority: string, token: string): string {
  const name = "contract";
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [
      { name, cluster: { server, "certificate-authority-data": Buffer.from(certificateAuthority).toString("base64") } },
    ],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
}

/** Has sh, echo, cat and sleep; a real cluster without egress names one that its nodes hold. */
const image = process.env.CROSSFADE_CONTRACT_IMAGE ?? "nginx:1";

/** Says a line, as not every image does by itself, and stays; the lab takes what it does not know for a server. */
const command = ["nice", "sh", "-c", "echo started; exec sleep 100000"];

/** A Deployment as small as one can be. */
export function deployment(name: string, namespace: string, replicas = 2) {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "main", image, command }], terminationGracePeriodSeconds: 1 },
      },
    },
  };
}

/** A ConfigMap with one key. */
export function configMap(name: string, namespace: string, data: Record<string, string>) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
}

/** A cluster-scoped custom resource with a short name and a column of its own. */
export function duckDefinition(plural: string) {
  const singular = plural.slice(0, -1);
  const color = { name: "Color", type: "string", jsonPath: ".spec.color" };
  const spec = { type: "object", properties: { color: { type: "string" } } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.pond.example.com` },
    spec: {
      group: "pond.example.com",
      scope: "Cluster",
      names: { plural, singular, kind: `${singular[0]?.toUpperCase()}${singular.slice(1)}` },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec } } },
          additionalPrinterColumns: [color],
        },
      ],
    },
  };
}

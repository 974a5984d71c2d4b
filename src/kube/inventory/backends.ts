import type { BackendFacts } from "../../engine/model/facts.ts";
import type { KubeClient } from "../client/kube-client.ts";
import { listAs } from "../objects/pages.ts";
import { at, list, text } from "../objects/read.ts";
import type { Uncounted } from "./uncounted.ts";

const admission = "/apis/admissionregistration.k8s.io/v1";

function webhooksOf(
  kind: "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration",
  object: unknown,
): readonly BackendFacts[] {
  return list(at(object, "webhooks")).flatMap((webhook): readonly BackendFacts[] => {
    const service = at(webhook, "clientConfig", "service");
    if (service === undefined || service === null) return [];
    return [
      {
        kind,
        name: `${text(at(object, "metadata", "name"))}/${text(at(webhook, "name"))}`,
        serviceNamespace: text(at(service, "namespace")),
        serviceName: text(at(service, "name")),
        failsClosed: text(at(webhook, "failurePolicy"), "Fail") === "Fail",
      },
    ];
  });
}

function apiServiceOf(object: unknown): BackendFacts | null {
  const service = at(object, "spec", "service");
  if (service === undefined || service === null) return null;
  return {
    kind: "APIService",
    name: text(at(object, "metadata", "name")),
    serviceNamespace: text(at(service, "namespace")),
    serviceName: text(at(service, "name")),
    failsClosed: false,
  };
}

/** Webhooks and aggregated APIs that pods serve. */
export async function readBackends(
  client: KubeClient,
  uncounted: Uncounted,
  signal: AbortSignal,
): Promise<readonly BackendFacts[]> {
  const kinds = [
    ["ValidatingWebhookConfiguration", "validatingwebhookconfigurations"],
    ["MutatingWebhookConfiguration", "mutatingwebhookconfigurations"],
  ] as const;
  const webhooks = kinds.map(([kind, plural]) =>
    uncounted.unless(
      `${plural}.admissionregistration.k8s.io`,
      listAs(client, `${admission}/${plural}`, (object) => webhooksOf(kind, object), { signal }),
      [],
    ),
  );
  const services = uncounted.unless(
    "apiservices.apiregistration.k8s.io",
    listAs(client, "/apis/apiregistration.k8s.io/v1/apiservices", apiServiceOf, { signal }),
    [],
  );
  const [found, aggregated] = await Promise.all([Promise.all(webhooks), services]);
  return [...found.flat(2), ...aggregated];
}

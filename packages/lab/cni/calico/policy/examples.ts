import type { KubeObject, ResourceName } from "../../../objects.ts";
import type { CniDriver } from "../../cni-driver.ts";

const group = "crd.projectcalico.org";

type Seed = readonly [ResourceName, KubeObject];

function of(kind: string, plural: string, metadata: KubeObject["metadata"], spec: object): Seed {
  return [`${group}/${plural}`, { apiVersion: `${group}/v1`, kind, metadata, spec }];
}

const globalPolicy = (name: string, spec: object) => of("GlobalNetworkPolicy", "globalnetworkpolicies", { name }, spec);

/** Policies of Calico's own kinds, as its users write them. */
export const calicoExamples: NonNullable<CniDriver["policyExamples"]> = {
  pods: (namespace) => [
    globalPolicy("no-telnet", {
      order: 10,
      namespaceSelector: `kubernetes.io/metadata.name == '${namespace}'`,
      selector: "app == 'accounts'",
      types: ["Ingress"],
      ingress: [
        { action: "Deny", protocol: "TCP", destination: { ports: [23] } },
        { action: "Allow", source: { selector: "role in {'friend', 'auditor'}" } },
      ],
    }),
  ],
  host: (node, udpPorts) => [
    of(
      "HostEndpoint",
      "hostendpoints",
      { name: `${node}-eth0`, labels: { host: node } },
      { node, interfaceName: "eth0" },
    ),
    globalPolicy(`host-${node}`, {
      selector: `host == '${node}'`,
      types: ["Ingress"],
      ingress: [
        { action: "Allow", protocol: "TCP" },
        { action: "Allow", protocol: "ICMP" },
        { action: "Allow", protocol: "UDP", destination: { ports: [...udpPorts] } },
      ],
    }),
  ],
};

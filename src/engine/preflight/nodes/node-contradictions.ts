import type { NodeFacts } from "../../model/facts.ts";
import { type Check, ok, some, warning } from "../check.ts";

/** Where else than in its status a node's address is written by the cloud's or an operator's hand; the source may write it too. */
const byOthers = ["alpha.kubernetes.io/provided-node-ip"];

function differs(what: string, ours: string, elsewhere: string | undefined, label: string): readonly string[] {
  if (elsewhere === undefined || elsewhere === "" || ours === "" || elsewhere === ours) return [];
  return [`${what} ${ours} by its status, ${elsewhere} by label ${label}`];
}

function addresses({ internalIps, annotations }: NodeFacts, bySource: readonly string[]): readonly string[] {
  if (internalIps.length === 0) return ["no address in its status"];
  return [...byOthers, ...bySource].flatMap((name) =>
    (annotations[name] ?? "")
      .split(",")
      // Some write the network's size behind it.
      .map((address) => address.replace(/\/\d+$/, ""))
      .filter((address) => address !== "" && !internalIps.includes(address))
      .map((address) => `address ${internalIps.join(", ")} by its status, ${address} by annotation ${name}`),
  );
}

/** Labels that a provider's node pools bear → the provider's scheme in spec.providerID. */
const ownerLabels: Readonly<Record<string, string>> = {
  "eks.amazonaws.com/nodegroup": "aws",
  "cloud.google.com/gke-nodepool": "gce",
  "kubernetes.azure.com/agentpool": "azure",
  "doks.digitalocean.com/node-pool": "digitalocean",
};

/** Who made a machine, and may replace it: by providerID, which is never corrected, and by labels, which anybody may set. */
function owners({ name, providerId, labels }: NodeFacts): readonly string[] {
  const [, scheme = "", rest = ""] = /^([a-z0-9-]+):\/\/(.*)$/.exec(providerId) ?? [];
  if (scheme === "") return [];
  const wrong = Object.entries(ownerLabels).filter(([label, owner]) => label in labels && owner !== scheme);
  const container = scheme === "kind" ? (rest.split("/").at(-1) ?? "") : name;
  return [
    ...wrong.map(([label, owner]) => `owner ${scheme} by providerID, ${owner} by label ${label}`),
    ...(container === name ? [] : [`container ${container} by providerID ${providerId}, which is not its name`]),
  ];
}

function of(node: NodeFacts, bySource: readonly string[]): readonly string[] {
  const { operatingSystem, architecture, labels } = node;
  return [
    ...differs("system", operatingSystem, labels["kubernetes.io/os"], "kubernetes.io/os"),
    ...differs("architecture", architecture, labels["kubernetes.io/arch"], "kubernetes.io/arch"),
    ...addresses(node, bySource),
    ...owners(node),
  ].map((said) => `${node.name}: ${said}`);
}

/** What a node is stands in more than one place; where these say different things, one of them is out of date. */
export const nodeContradictions: Check = {
  id: "node-contradictions",
  check({ facts, addressAnnotations }) {
    const lines = facts.nodes.flatMap((node) => of(node, addressAnnotations));
    return lines.length === 0 ? ok() : warning("nodes-contradict", some(lines), lines);
  },
};

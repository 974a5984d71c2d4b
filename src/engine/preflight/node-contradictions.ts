import type { NodeFacts } from "../facts.ts";
import { type Check, ok, warning } from "./check.ts";
import { counted } from "./words.ts";

/** Where else than in its status a node's address is written: by the cloud's or an operator's hand, and by Flannel. */
const addressAnnotations = ["alpha.kubernetes.io/provided-node-ip", "flannel.alpha.coreos.com/public-ip"];

function differs(what: string, ours: string, elsewhere: string | undefined, label: string): readonly string[] {
  if (elsewhere === undefined || elsewhere === "" || ours === "" || elsewhere === ours) return [];
  return [`${what} ${ours} by its status, ${elsewhere} by label ${label}`];
}

function addresses({ internalIps, annotations }: NodeFacts): readonly string[] {
  if (internalIps.length === 0) return ["no address in its status"];
  return addressAnnotations.flatMap((name) =>
    (annotations[name] ?? "")
      .split(",")
      .filter((address) => address !== "" && !internalIps.includes(address))
      .map((address) => `address ${internalIps.join(", ")} by its status, ${address} by annotation ${name}`),
  );
}

function of(node: NodeFacts): readonly string[] {
  const { operatingSystem, architecture, labels } = node;
  return [
    ...differs("system", operatingSystem, labels["kubernetes.io/os"], "kubernetes.io/os"),
    ...differs("architecture", architecture, labels["kubernetes.io/arch"], "kubernetes.io/arch"),
    ...addresses(node),
  ].map((said) => `${node.name}: ${said}`);
}

/** What a node is stands in more than one place; where these say different things, one of them is out of date. */
export const nodeContradictions: Check = {
  id: "node-contradictions",
  title: "What is written of the nodes agrees",
  check({ facts }) {
    const lines = facts.nodes.flatMap(of);
    if (lines.length === 0) return ok("Addresses and systems of all nodes are the same wherever they are written");
    return warning(
      `${counted(lines.length, "contradiction")} about nodes: ${lines.slice(0, 3).join("; ")}`,
      "correct the label, the annotation or kubelet's --node-ip: reboots and probes go by the status",
      lines,
    );
  },
};

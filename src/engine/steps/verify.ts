import { ciliumConfFile, migrationLabel } from "../model/cilium-names.ts";
import { askingAgain, done, type Observation, waiting } from "../model/observation.ts";
import { inTheWay, named, theNode, thePod } from "../model/reason.ts";
import type { NodeScope, Step } from "../model/step.ts";
import { contains } from "../net/cidr.ts";
import { agentBack } from "../observe/agent/agent-back.ts";
import { keepTakenOver } from "../observe/agent/keep-taken-over.ts";
import { activeFiles } from "../observe/cni-files.ts";
import { daemonsBack } from "../observe/daemons-back.ts";
import { nodeOf } from "../observe/node-of.ts";
import { notReady } from "../observe/node-readiness.ts";
import { noneLeft } from "../observe/none-left.ts";
import { probeAwaited } from "../observe/start-trouble.ts";
import { probeEnds } from "../probes/ends.ts";
import { ownTraffic } from "../probes/own-traffic.ts";

type Proof = (scope: NodeScope) => Promise<Observation>;

const labelled: Proof = async (scope) => {
  const { labels } = await nodeOf(scope);
  return labels[migrationLabel] === "true"
    ? done
    : waiting("label-removed", { label: migrationLabel }, { object: theNode(scope.node) });
};

const connected: Proof = async (scope) => {
  const node = await nodeOf(scope);
  if (!node.ready) return notReady(node);
  return node.networkUnavailable ? waiting("network-unavailable", {}, { object: theNode(scope.node) }) : done;
};

/** Meta plugins keep their file in front of Cilium's on purpose. */
const meta = (name: string) => name.startsWith("00-multus");

const ownFileOnly: Proof = async ({ ports, node }) => {
  const files = activeFiles(await ports.hosts.cniFiles(node)).filter((name) => !meta(name));
  if (files[0] === ciliumConfFile && files.length === 1) return done;
  const object = theNode(node);
  return askingAgain(waiting("other-cni-files", { file: ciliumConfFile, found: files }, { object }));
};

const ranged: Proof = async ({ ports, node }) => {
  const own = (await ports.cilium.nodes()).find(({ name }) => name === node);
  const object = inTheWay("CiliumNode", node);
  if (!own || own.podCidrs.length === 0) return waiting("pod-cidrs-missing", named([node]), { object });
  return own.error ? waiting("cilium-node-error", { node, error: own.error }, { object }) : done;
};

async function probeHere({ ports, node, plan }: NodeScope) {
  return (await probeEnds(ports, plan)).find(({ pod }) => pod.node === node);
}

const newAddress: Proof = async (scope) => {
  const { ports, node } = scope;
  const own = await probeHere(scope);
  if (!own) return probeAwaited(ports, node);
  const ranges = (await ports.cilium.nodes()).find(({ name }) => name === node)?.podCidrs ?? [];
  const address = own.pod.ip ?? "";
  if (ranges.some((cidr) => contains(cidr, address))) return done;
  return waiting("probe-not-on-cilium", { node, address, ranges }, { object: thePod(own.pod.ref) });
};

/** Clusters may run without CiliumEndpoints (disableEndpointCRD): then there is nothing to look at. */
const endpointReady: Proof = async (scope) => {
  const endpoints = await scope.ports.cilium.endpoints();
  const own = await probeHere(scope);
  if (endpoints.length === 0 || !own) return done;
  const { ref } = own.pod;
  const endpoint = endpoints.find(({ namespace, name }) => namespace === ref.namespace && name === ref.name);
  if (endpoint?.state === "ready") return done;
  const object = inTheWay("CiliumEndpoint", ref.name, ref.namespace);
  return waiting("endpoint-not-ready", { state: endpoint?.state ?? "missing" }, { object });
};

/** An agent that is Ready may have no datapath for 5 to 15 s more (cilium#29405): only traffic proves it. */
const crosses: Proof = (scope) => ownTraffic(scope, "cilium");

/** What a migrated node has to show, in the order in which a failure of one explains the next (cilium.md §4.3). */
const proofs: readonly Proof[] = [
  labelled,
  connected,
  agentBack,
  ownFileOnly,
  ranged,
  (scope) => noneLeft(scope, "source"),
  newAddress,
  endpointReady,
  crosses,
  daemonsBack,
  // Once more: a pod that had no address yet may have got it by a file that was read before the agent renamed it.
  (scope) => noneLeft(scope, "source"),
];

/** Verifies the node before any pod may be scheduled to it. */
export const verify: Step = {
  id: "verify",
  timeoutMs: 5 * 60_000,
  async observe(scope) {
    for (const proof of proofs) {
      const seen = await proof(scope);
      if (!seen.done) return seen;
    }
    return done;
  },
  apply: keepTakenOver,
  rollback: "nothing-to-roll-back",
};

import { type HostLeftovers, type LeftoverKinds, moduleLinks } from "../model/cluster/leftovers.ts";
import { note } from "../model/notes/note.ts";
import { someOf } from "../model/some-of.ts";
import type { RunScope } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { judgeLeftovers } from "./judge-leftovers.ts";

const isDeletable = (link: string) => !moduleLinks.includes(link);
const moduleLinksIn = ({ links }: HostLeftovers) => links.filter((name) => !isDeletable(name));

/** What a restart of the machine clears. */
const inKernel = ({
  links,
  routes,
  blackholes,
  chains,
  rules,
  ipsets,
  nftTables,
}: HostLeftovers): readonly string[] => [
  ...links.filter(isDeletable).map((name) => `link ${name}`),
  ...routes.map(({ to, via }) => `route ${to} via ${via}`),
  ...blackholes.map((to) => `blackhole route ${to}`),
  ...chains.map((name) => `iptables chain ${name}`),
  ...rules.map((name) => `iptables rule ${name}`),
  ...ipsets.map((name) => `ipset ${name}`),
  ...nftTables.map((name) => `nft table ${name}`),
];

const mostAddresses = 5;

function reservedIn({ reserved }: HostLeftovers): readonly string[] {
  if (reserved.length === 0) return [];
  return [`reserved addresses that no pod has: ${someOf(reserved, mostAddresses)}`];
}

/** What outlives it. */
const onDisk = (found: HostLeftovers): readonly string[] => [
  ...found.files.map((name) => `file ${name}`),
  ...found.paths.map((path) => `file ${path}`),
  ...reservedIn(found),
];

/** In the field's words, for whoever reads what "nothing is left" is said of. */
function lookedAt(kinds: LeftoverKinds, { unseen }: HostLeftovers): readonly string[] {
  const places = [
    ...kinds.folders,
    ...(kinds.reservations === null ? [] : [kinds.reservations]),
    ...kinds.plugins,
    ...kinds.files,
  ];
  return [
    "links",
    "routes",
    "iptables chains",
    ...(kinds.blackholeRoutes ? ["blackhole routes"] : []),
    ...(kinds.ruleComments.length > 0 ? ["iptables rules"] : []),
    ...kinds.ipsetPrefixes.map((prefix) => `ipsets ${prefix}*`),
    ...kinds.nftTables.map((name) => `nft table ${name}`),
    "CNI configuration",
    ...places,
  ]
    .filter((place) => !unseen.some((one) => one.startsWith(`${place}: `)))
    .concat(kinds.annotations.map((prefix) => `Node annotations ${prefix}*`));
}

async function annotationsOf({ ports, removal }: RunScope, node: string): Promise<readonly string[]> {
  const facts = await ports.nodes.get(node);
  const { annotations } = removal.leftovers;
  return Object.keys(facts?.annotations ?? {}).filter((key) => annotations.some((prefix) => key.startsWith(prefix)));
}

/** Node that was cleaned → words of a disk that did not let go, kept from the attempt to the look after it. */
const attempted = remembered(() => new Map<string, readonly string[]>());

/** What was removed is there again: the node is cleaned once more. */
export const forgetAttempt = ({ memory }: RunScope, node: string): void => {
  memory.of(attempted).delete(node);
};

/**
 * Looks at a node, removes what is the source's, and looks again. True once it was told what is left there: "nothing" is
 * said of what was looked at, and what stays is named with why.
 */
export async function cleanNode(scope: RunScope, node: string): Promise<boolean> {
  const { ports, plan, memory } = scope;
  const known = memory.of(attempted);
  const kinds = scope.removal.leftovers;
  const found = await ports.hosts.leftovers(node, kinds);
  const around = { source: plan.source, pods: await ports.pods.onFresh(node), nodes: await ports.nodes.list() };
  const { remove, stays } = judgeLeftovers(found, around);
  const annotations = await annotationsOf(scope, node);
  const emptied = moduleLinksIn(remove);
  const names = [
    ...inKernel(remove),
    ...emptied.map((link) => `addresses and routes of link ${link}`),
    ...onDisk(remove),
    ...annotations.map((key) => `annotation ${key}`),
  ];
  if (names.length > 0 && !known.has(node)) {
    scope.log("info", note("removed-from-node", { node, items: names }), node);
    const complaints = await ports.hosts.clean(node, remove, kinds);
    if (annotations.length > 0) await ports.nodes.removeAnnotations(node, annotations);
    // Only now: cleaning that an outage broke off is begun again, not given up.
    known.set(node, [...new Set(complaints)]);
    return false;
  }
  const why = (known.get(node) ?? []).join("; ");
  const left = [
    ...inKernel(remove).map((name) => `${name}: until its next restart`),
    ...emptied.map((link) => `link ${link}: empty and down; a module of the kernel made it, and keeps it`),
    ...onDisk(remove).map((name) => `${name}: ${why === "" ? "there again" : why}`),
    ...annotations.map((key) => `annotation ${key}: there again`),
    ...stays,
  ];
  scope.leftovers(node, { of: "source", left, unseen: found.unseen, looked: lookedAt(kinds, found) });
  return true;
}

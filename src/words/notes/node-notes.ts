import type { NoteSayersOf } from "./note-sayers.ts";

const unreadNodes = (count: number) =>
  count > 0 ? `; ${count} more ${count === 1 ? "node was" : "nodes were"} not looked at yet` : "";

const whiles: Readonly<Record<string, string>> = {
  drain: "while it was drained",
  "between-networks": "while it is between two networks",
};

/** What is told of nodes, of their files and of traffic. */
export const nodeNotes: NoteSayersOf<
  | "node-retried"
  | "deferred-rolled-back"
  | "failed-rolled-back"
  | "reboot-asked"
  | "node-joined"
  | "node-joined-on-cilium"
  | "node-joined-outside"
  | "node-left"
  | "address-changed"
  | "traffic-broken"
  | "traffic-passes"
  | "files-renamed-later"
  | "files-not-read"
  | "files-renamed"
  | "no-backup"
  | "node-config-rewritten"
  | "cordoned-again"
  | "cordoned-by-others"
> = {
  "node-retried": ({ node, step, retry }) => `trying "${step}" on ${node} again by itself (retry ${retry})`,
  "deferred-rolled-back": ({ node }) => `${node} is Ready again: it is rolled back to its old CNI now`,
  "failed-rolled-back": ({ node }) => `rolling ${node} back, as the plan says of a node that failed`,
  "reboot-asked": ({ node, method }) => `asking for a reboot of ${node}, by ${method}`,
  "node-joined": ({ node }) => `${node} joined the cluster and is taken in`,
  "node-joined-on-cilium": ({ node }) => `${node} joined the cluster, on Cilium`,
  "node-joined-outside": ({ node, because }) => `${node} joined the cluster and takes no part: ${because}`,
  "node-left": ({ node }) => `${node} left the cluster and is let go`,
  "address-changed": ({ node, now, before }) =>
    `${node} came back under another address: ${now}, before ${before}; traffic will tell`,
  "traffic-broken": ({ between, during, error }) =>
    `traffic ${between} does not pass any more${during === "" ? "" : `, during "${during}"`}: ${error}`,
  "traffic-passes": ({ between, lostSeconds }) => `traffic ${between} passes again, after ${lostSeconds} s`,
  "files-renamed-later": ({ nodes, files, unread }) =>
    `Cilium will rename in /etc/cni/net.d of ${nodes.join(", ")}, once they are moved: ${files.join(", ")}${unreadNodes(unread)}`,
  "files-not-read": ({ nodes, unread }) =>
    `what Cilium will rename in /etc/cni/net.d of ${nodes.join(", ")} could not be read${unreadNodes(unread)}`,
  "files-renamed": ({ node, files }) =>
    `Cilium will rename on ${node}, each put back by a rollback: ${files.join(", ")}`,
  "no-backup": ({ node, file }) => `${node} has no backup of ${file}: the old CNI's pod must write it`,
  "node-config-rewritten": ({ name }) => `CiliumNodeConfig ${name} was deleted or changed: it is written again`,
  "cordoned-again": ({ node, during }) => `${node} was uncordoned ${whiles[during] ?? during}: it is cordoned again`,
  "cordoned-by-others": ({ node }) => `${node} was cordoned as soon as it was uncordoned: it is left so`,
};

import type { NodeFacts } from "./facts.ts";
import { outsideBecause } from "./plan/taking-part.ts";
import type { Session } from "./session.ts";

/** Once the old CNI is being removed a node can only be born on Cilium: there is nothing to move. */
async function takeIn(session: Session, node: string): Promise<void> {
  const bornOnCilium = session.state.steps["remove-source"] !== undefined;
  session.tell({ type: "node-joined", at: session.now(), node, controlPlane: false });
  session.log(
    "info",
    bornOnCilium ? `${node} joined the cluster, on Cilium` : `${node} joined the cluster and is taken in`,
    node,
  );
  if (bornOnCilium) await session.advance({ type: "node-migrated", node, at: session.now() });
}

/** Asked anew each time: a label that comes late may make a node one that the source serves. */
async function staysOutside(session: Session, node: NodeFacts): Promise<boolean> {
  const { ports, state, outside } = session;
  const planned = state.plan?.outside.find(({ name }) => name === node.name);
  const asked = state.plan ? outsideBecause(node, state.plan.source, await ports.workloads.list()) : null;
  const sourceGone = state.steps["remove-source"] !== undefined;
  const because = asked ?? (sourceGone ? (planned?.because ?? null) : null);
  if (because !== null && planned === undefined && !outside.has(node.name))
    session.log("info", `${node.name} joined the cluster and takes no part: ${because}`, node.name);
  if (because !== null) outside.add(node.name);
  return because !== null;
}

/** Nodes that joined are taken in, nodes that are gone let go. */
export async function comeAndGo(session: Session, present: readonly NodeFacts[]): Promise<void> {
  const { state } = session;
  if (!session.recording) return;
  for (const node of present.filter(({ name }) => !(name in state.nodes))) {
    if (!(await staysOutside(session, node))) await takeIn(session, node.name);
  }
  const names = new Set(present.map(({ name }) => name));
  for (const node of state.order.filter((name) => !names.has(name))) {
    session.log("warning", `${node} left the cluster and is let go`, node);
    session.tell({ type: "node-vanished", at: session.now(), node });
  }
}

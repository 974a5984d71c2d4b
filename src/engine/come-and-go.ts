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

/** Nodes that joined are taken in, nodes that are gone let go. */
export async function comeAndGo(session: Session, present: readonly string[]): Promise<void> {
  const { state } = session;
  if (!session.recording) return;
  for (const node of present.filter((name) => !(name in state.nodes))) {
    await takeIn(session, node);
  }
  for (const node of state.order.filter((name) => !present.includes(name))) {
    session.log("warning", `${node} left the cluster and is let go`, node);
    session.tell({ type: "node-vanished", at: session.now(), node });
  }
}

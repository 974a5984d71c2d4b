import { CrossfadeError, toFailure } from "../model/errors.ts";
import { beforeOf, type NodeState } from "../model/node-state.ts";
import { note } from "../model/notes/note.ts";
import { isUnfinished } from "../plan/own-cordon.ts";
import type { Session } from "./session.ts";

/** The only thing of such a record that is believed: that it was an engine, and no person, who cordoned the node. */
async function letGo(session: Session, node: string, state: NodeState): Promise<void> {
  if (!isUnfinished(state) || beforeOf(state)?.cordoned !== false) return;
  const { nodes } = session.ports;
  if (!(await nodes.get(node))?.cordoned) return;
  await nodes.uncordon(node);
  session.log("warning", note("earlier-cordon-removed", { node }), node);
}

/**
 * Before a new run: what earlier ones recorded on the nodes is taken off them. A run whose record somebody deleted in the
 * middle left a node cordoned, which the new one would take for the operator's wish. What cannot be trusted is taken off too,
 * for no run goes on from it; but what a newer version wrote is not ours to remove.
 */
export async function forgetOthers(session: Session): Promise<void> {
  const { records } = session.ports;
  try {
    for (const [node, { state }] of Object.entries(await records.nodeRecords())) await letGo(session, node, state);
  } catch (thrown) {
    if (!(thrown instanceof CrossfadeError) || !/^RECORD_(?!NEWER)/.test(thrown.code)) throw thrown;
    session.log("warning", note("earlier-record-removed", { failure: toFailure(thrown) }));
  }
  await records.forgetNodes();
}

import type { NodeFacts } from "../model/facts.ts";
import { note } from "../model/notes/note.ts";
import type { Plan } from "../model/plan-types.ts";
import { outsideBecause } from "../plan/taking-part.ts";
import type { Session } from "./session.ts";

/** Once the old CNI is being removed a node can only be born on Cilium: there is nothing to move. */
async function takeIn(session: Session, node: string): Promise<void> {
  const bornOnCilium = session.state.steps["remove-source"] !== undefined;
  session.tell({ type: "node-joined", at: session.now(), node, controlPlane: false });
  session.log("info", note(bornOnCilium ? "node-joined-on-cilium" : "node-joined", { node }), node);
  if (bornOnCilium) await session.advance({ type: "node-migrated", node, at: session.now() });
}

/** Which nodes take part, while they come and go. */
export class Membership {
  readonly #session: Session;
  /** Nodes that joined and take no part: told once. */
  readonly #outside = new Set<string>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** Asked anew each time: a label that comes late may make a node one that the source serves. */
  async #staysOutside(plan: Plan, node: NodeFacts): Promise<boolean> {
    const session = this.#session;
    const planned = plan.outside.find(({ name }) => name === node.name);
    const asked = outsideBecause(node, plan.source, await session.ports.workloads.list());
    // Once the source is gone nobody can be asked whom it served.
    const because = session.state.steps["remove-source"] && planned ? planned.because : asked;
    if (because === null) return false;
    if (!planned && !this.#outside.has(node.name))
      session.log("info", note("node-joined-outside", { node: node.name, because }), node.name);
    this.#outside.add(node.name);
    return true;
  }

  /** Nodes that joined are taken in, nodes that are gone let go. */
  async update(present: readonly NodeFacts[]): Promise<void> {
    const session = this.#session;
    const { state } = session;
    const { plan } = state;
    if (!session.recording || !plan) return;
    for (const node of present.filter(({ name }) => !(name in state.nodes))) {
      if (!(await this.#staysOutside(plan, node))) await takeIn(session, node.name);
    }
    const names = new Set(present.map(({ name }) => name));
    for (const node of state.order.filter((name) => !names.has(name))) {
      session.log("warning", note("node-left", { node }), node);
      session.tell({ type: "node-vanished", at: session.now(), node });
    }
  }
}

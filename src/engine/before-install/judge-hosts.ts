import { type Note, note } from "../model/notes/note.ts";
import type { Plan } from "../model/plan-types.ts";
import type { HostLook } from "../model/ports/lookers.ts";
import { firstOf, named, type Reason, reason } from "../model/reason.ts";

export type HostLooks = ReadonlyMap<string, HostLook>;

/** The MTU that Cilium is given; null where it finds it out by itself, node by node. */
export function givenMtu({ values }: Pick<Plan, "values">): number | null {
  const { MTU } = values.initial;
  return typeof MTU === "number" && MTU > 0 ? MTU : null;
}

const byPerson = { clearedBy: "person" } as const;

/** Nodes on which Cilium must not be installed as it is planned. */
interface Unfit {
  readonly reason: Reason;
  readonly nodes: readonly string[];
}

type Named = readonly [node: string, line: string];

function withoutModules({ cilium }: Pick<Plan, "cilium">, looks: HostLooks): Unfit | null {
  const found = [...looks].flatMap(([node, { modulesMissing }]): readonly Named[] => {
    const missing = modulesMissing ?? [];
    return missing.length === 0 ? [] : [[node, `${node}: ${missing.join(", ")}`]];
  });
  if (found.length === 0) return null;
  const [lines, more] = firstOf(found.map(([, line]) => line));
  const why = reason("kernel-modules-missing", { version: cilium.version, lines, more }, byPerson);
  return { reason: why, nodes: found.map(([node]) => node) };
}

function withSmallCards(plan: Pick<Plan, "values">, looks: HostLooks): Unfit | null {
  const mtu = givenMtu(plan);
  if (mtu === null) return null;
  const found = [...looks].flatMap(([node, { card }]): readonly Named[] =>
    card !== null && card.mtu < mtu ? [[node, `${node} (${card.name}: ${card.mtu})`]] : [],
  );
  if (found.length === 0) return null;
  const [cards, more] = firstOf(found.map(([, line]) => line));
  return { reason: reason("mtu-above-card", { mtu, cards, more }, byPerson), nodes: found.map(([node]) => node) };
}

/** What must not be installed upon; null where nothing stands in the way. */
export const unfitOf = (plan: Pick<Plan, "values" | "cilium">, looks: HostLooks): Unfit | null =>
  withoutModules(plan, looks) ?? withSmallCards(plan, looks);

type Told = readonly [level: "info" | "warning", said: Note];

const namesOf = (looks: HostLooks, is: (look: HostLook) => boolean) =>
  [...looks].filter(([, look]) => is(look)).map(([node]) => node);

function cardNotes(looks: HostLooks, given: number | null): readonly Told[] {
  const cards = [...looks.values()].flatMap(({ card }) => card ?? []).map(({ mtu }) => mtu);
  if (cards.length === 0) return [];
  const [least, most] = [Math.min(...cards), Math.max(...cards)];
  if (least === most) return [["info", note("card-mtu", { mtu: least })]];
  if (given !== null) return [["info", note("card-mtus-covered", { least, most, mtu: given })]];
  const nodes = namesOf(looks, ({ card }) => card?.mtu === least);
  return [["warning", note("card-mtus-differ", { least, most, nodes })]];
}

/** What is worth knowing of the nodes, and stops nothing. */
export function notesOn(plan: Pick<Plan, "values">, looks: HostLooks): readonly Told[] {
  const strict = namesOf(looks, ({ rpFilter }) => rpFilter === 1);
  const closed = namesOf(looks, ({ forwards }) => forwards === false);
  const unknown = namesOf(
    looks,
    ({ card, forwards, rpFilter, modulesMissing }) =>
      card === null || forwards === null || rpFilter === null || modulesMissing === null,
  );
  return [
    ...cardNotes(looks, givenMtu(plan)),
    ...(strict.length > 0 ? [["warning", note("rp-filter-strict", named(strict))] as const] : []),
    ...(closed.length > 0 ? [["warning", note("forwarding-off", named(closed))] as const] : []),
    ...(unknown.length > 0 ? [["warning", note("hosts-not-told", named(unknown))] as const] : []),
  ];
}

/** A step that a source CNI brings along: its id, a slash, and what the step does: "SOURCE/pin-addresses". */
export type SourceStepId = `${string}/${string}`;

/** A step that rolls such a step back: "rollback-SOURCE/unpin-addresses". */
export type RollbackSourceStepId = `rollback-${string}/${string}`;

const form = /^(rollback-)?[a-z][a-z0-9-]{0,40}\/[a-z][a-z0-9-]{0,60}$/;

export const isRollbackSourceStep = (id: string): id is RollbackSourceStepId =>
  form.test(id) && id.startsWith("rollback-");

export const isSourceStep = (id: string): id is SourceStepId => form.test(id) && !id.startsWith("rollback-");

/** The steps that a source's own may come right before, by the list that these are in. */
export const sourceStepPlaces = {
  /** Before Cilium is installed, once it is verified, before the source is removed, once it is, and once all is cleaned. */
  run: ["install", "node-config", "remove-source", "clean-nodes", "report"],
  /** Before anything of a node is looked at or done, before it is labelled, and once it is verified. */
  node: ["precheck", "enable-cilium", "uncordon"],
  /** Before Cilium lets the node go, and before the source's pods on it are restarted. */
  rollbackNode: ["rollback-label", "rollback-source"],
  /** Before anything else is rolled back, before Cilium is uninstalled, and once it is cleaned away. */
  rollbackRun: ["rollback-upgrade", "rollback-install", "rollback-report"],
} as const;

export type RunPlace = (typeof sourceStepPlaces.run)[number];
export type NodePlace = (typeof sourceStepPlaces.node)[number];
export type RollbackNodePlace = (typeof sourceStepPlaces.rollbackNode)[number];
export type RollbackRunPlace = (typeof sourceStepPlaces.rollbackRun)[number];

/** One of the source's own steps in a plan: `before` says in which list it is, and where. */
export type PlannedSourceStep =
  | { readonly id: SourceStepId; readonly before: RunPlace | NodePlace }
  | { readonly id: RollbackSourceStepId; readonly before: RollbackNodePlace | RollbackRunPlace };

/** Something by steps: of some of those that are known, and of any of a source's own. */
export type ByStep<Id extends string, T> = { readonly [K in Exclude<Id, SourceStepId>]?: T } & {
  readonly [K in SourceStepId]: T;
};

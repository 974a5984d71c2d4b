/**
 * Who would undo what the run does, and is held still for it: scaled to zero, told to reconcile no more, or suspended. Whoever owns
 * the old CNI stays so after its removal, for he would bring it back.
 */
export interface FrozenOwner {
  readonly apiVersion: string;
  readonly kind: "Deployment" | "StatefulSet" | "Application" | "Kustomization" | "HelmRelease";
  readonly namespace: string;
  readonly name: string;
  /** It manages the old CNI's objects; otherwise it manages nodes. */
  readonly ofSource: boolean;
}

/** Annotation of an object that a run holds still, with what was there before as JSON. */
export const frozenMark = "crossfade/frozen";

import type { NodeFacts } from "../facts.ts";

export interface Nodes {
  list(): Promise<readonly NodeFacts[]>;
  get(name: string): Promise<NodeFacts | null>;
  cordon(name: string): Promise<void>;
  uncordon(name: string): Promise<void>;
  /** Null removes the label. */
  setLabel(name: string, key: string, value: string | null): Promise<void>;
  /** Removes every taint with this key, whatever its effect. */
  removeTaint(name: string, key: string): Promise<void>;
  removeAnnotations(name: string, keys: readonly string[]): Promise<void>;
}

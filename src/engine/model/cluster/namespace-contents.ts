/** An object in a namespace, with as much as tells whose it is. */
export interface NamespaceObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Kind/name of its owners. */
  readonly owners: readonly string[];
  /** The ServiceAccount that a token Secret was made for, else "". */
  readonly serviceAccount: string;
  /** Label app.kubernetes.io/managed-by, else "". */
  readonly managedBy: string;
}

export interface NamespaceContents {
  readonly objects: readonly NamespaceObject[];
  /** Kinds and API groups that could not be listed, with why: what of them is there is not known. */
  readonly unknown: readonly string[];
}

/** A cluster that the contract is put to: the lab's, or a real control plane. */
export interface Subject {
  readonly kubeconfig: string;
  /** For files of the tests; removed at the end. */
  readonly folder: string;
  /** Whether there are kubelets and controllers: a bare etcd and kube-apiserver have none. */
  readonly runsPods: boolean;
  /** Errors of the lab itself so far; a contract that is kept leaves none. */
  faults(): readonly unknown[];
  close(): Promise<void>;
}

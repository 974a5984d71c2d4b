/** A Service, as far as a migration asks of it. */
export interface ServiceFacts {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  /** "None" of a headless one. */
  readonly clusterIp: string;
  readonly ports: readonly number[];
  /** It has a selector: its endpoints are pods of this cluster. */
  readonly selects: boolean;
  /** "Cluster", "Local", or "" where it is not said. */
  readonly externalTrafficPolicy: string;
  readonly internalTrafficPolicy: string;
}

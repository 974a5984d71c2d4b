import type { KubeObject, Store } from "../../objects.ts";
import { definitions, isEstablished } from "../cilium/crd-state.ts";
import { group } from "./definitions.ts";

/** Resource of one of Calico's kinds in the store. */
export const resource = (plural: string) => `${group}/${plural}`;

export interface IPPool extends KubeObject {
  spec: {
    cidr: string;
    blockSize?: number;
    ipipMode?: "Always" | "CrossSubnet" | "Never";
    vxlanMode?: "Always" | "CrossSubnet" | "Never";
    natOutgoing?: boolean;
    disabled?: boolean;
    nodeSelector?: string;
  };
}

export interface IPAMBlock extends KubeObject {
  spec: {
    cidr: string;
    affinity: string;
    /** By place in the block: an index into the attributes, or null. */
    allocations: (number | null)[];
    attributes: Attribute[];
    /** Places that are free, the next one first. */
    unallocated: number[];
    strictAffinity: boolean;
    deleted: boolean;
  };
}

/** Whose an address is. */
export interface Attribute {
  handle_id: string;
  secondary: { node?: string; namespace?: string; pod?: string; timestamp?: string; type?: string };
}

export interface BlockAffinity extends KubeObject {
  spec: { cidr: string; node: string; state: string; type: string; deleted: string };
}

export interface KubeControllersConfiguration extends KubeObject {
  spec: { controllers?: { node?: { leakGracePeriod?: string; reconcilerPeriod?: string } | null } };
}

/** Whether all of Calico's kinds that its programs read are served. */
export function isServed(store: Store): boolean {
  const plurals = [
    "ippools",
    "ipamblocks",
    "blockaffinities",
    "ipamhandles",
    "clusterinformations",
    "felixconfigurations",
  ];
  return plurals.every((plural) => {
    const name = `${plural}.${group}`;
    return isEstablished(store, name) && !store.get(definitions, null, name)?.metadata.deletionTimestamp;
  });
}

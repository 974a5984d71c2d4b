import type { Machine } from "../../machine.ts";
import { stateDir } from "./datapath.ts";

const gapFile = `${stateDir}/regenerating-until`;

/** While it lasts new endpoints get an address and no network; null ends it. An agent that dies in it leaves it open. */
export function declareGap(machine: Machine, until: number | null): void {
  if (until === null) machine.disk.delete(gapFile);
  else machine.disk.set(gapFile, String(until));
}

export function inGap(machine: Machine): boolean {
  return machine.disk.has(gapFile);
}

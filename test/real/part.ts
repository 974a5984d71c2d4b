import type { TestBed } from "./test-bed.ts";

/** Something that is done to a real cluster. It begins on the old CNI and, unless it is the last, ends there. */
export interface Part {
  /** As in `--only NAME`. */
  readonly name: string;
  readonly summary: string;
  /** Not among "all": for figures, or for one CNI alone. */
  readonly onlyByName?: true;
  run(bed: TestBed): Promise<void>;
}

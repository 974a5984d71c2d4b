import type { findings } from "../engine/model/reasons/findings.ts";
import type { SayersOf } from "./said.ts";

export const findingWords: SayersOf<keyof typeof findings> = {};

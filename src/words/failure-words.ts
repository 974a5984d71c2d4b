import type { failures } from "../engine/model/reasons/failures.ts";
import type { SayersOf } from "./said.ts";

export const failureWords: SayersOf<keyof typeof failures> = {};

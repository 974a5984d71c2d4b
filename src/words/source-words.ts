import type { sourceWaits } from "../engine/model/reasons/source-waits.ts";
import type { SayersOf } from "./said.ts";

export const sourceWords: SayersOf<keyof typeof sourceWaits> = {
  "source-object": ({ object, field, value }) => ({
    text: `${object} to have ${value === null ? `no ${field}` : `${field}: ${value}`}`,
    clearedBy: "the API server",
  }),
};

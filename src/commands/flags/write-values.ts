import type { Plan } from "../../engine/model/plan-types.ts";
import { writeFiles } from "./write-files.ts";

/** The commented YAML for a person, and beside it the JSON that helm is handed. Returns the paths written. */
export const writeValues = ({ values }: Plan, folder: string): readonly string[] =>
  writeFiles(
    {
      "values-initial.yaml": values.initialYaml,
      "values-final.yaml": values.finalYaml,
      "values-initial.json": `${JSON.stringify(values.initial, null, 2)}\n`,
      "values-final.json": `${JSON.stringify(values.final, null, 2)}\n`,
    },
    folder,
    { what: "the values files", flag: "--values DIR", differs: "this plan has other values" },
  );

import { parseAllDocuments, stringify } from "yaml";

/** As helm prints YAML: no anchors, no line broken, and quotes around what YAML 1.1 takes for more than text (yes, 0755). */
export const toYaml = (value: unknown): string =>
  stringify(value, { aliasDuplicateObjects: false, compat: "yaml-1.1", lineWidth: 0 });

/** Every document of a stream; the first fault is thrown. */
export function documentsOf(source: string): readonly unknown[] {
  return parseAllDocuments(source).map((document) => {
    const [fault] = document.errors;
    if (fault !== undefined) throw fault;
    return document.toJS() as unknown;
  });
}

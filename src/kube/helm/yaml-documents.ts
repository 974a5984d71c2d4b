import { parseAllDocuments } from "yaml";

/** Every document of a YAML stream, none where it is empty; the first fault is thrown, and an alias that grows without end is one. */
export function yamlDocuments(source: string): readonly unknown[] {
  return parseAllDocuments(source).map((document) => {
    const [fault] = document.errors;
    if (fault !== undefined) throw fault;
    return document.toJS() as unknown;
  });
}

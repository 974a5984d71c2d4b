import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { JsonObject, JsonValue } from "../../engine/model/plan-types.ts";
import { asDraft, type Draft, draftKinds, draftName, type NoDraft } from "../../engine/policies/draft-objects.ts";
import { listIn, objectIn, textIn } from "../../engine/policies/json-in.ts";
import { readOwnFile } from "../../kube/process/read-own-file.ts";
import { CommandError } from "../command-error.ts";

/** Many times what an API server keeps in one object. */
const mostBytes = 4 * 1024 * 1024;
const isManifest = (name: string) => /\.(ya?ml|json)$/.test(name);

const refuse = (message: string, remedy: string) =>
  new CommandError("USAGE", `${message}: nothing was changed`, remedy);
const firstLine = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)).split("\n")[0] ?? "";

/** Files of a folder, without those below it; a file that is named is taken whatever it is called. */
function filesAt(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter(isManifest).toSorted();
    if (names.length > 0) return names.map((name) => join(path, name));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT")
      throw refuse(`there is no file or folder ${path}`, "crossfade policies convert --out DIR writes the drafts");
    throw refuse(`${path} cannot be read: ${firstLine(thrown)}`, "name files or folders that you can read");
  }
  throw refuse(`${path} holds no .yaml, .yml or .json file`, "crossfade policies convert --out DIR writes the drafts");
}

function documentsIn(path: string): readonly JsonValue[] {
  let source: string;
  try {
    source = readOwnFile(path, mostBytes);
  } catch (thrown) {
    throw refuse(`${path} cannot be read: ${firstLine(thrown)}`, "name files with drafts, as YAML or JSON");
  }
  try {
    const documents = parseAllDocuments(source);
    const [fault] = [...documents].flatMap(({ errors }) => errors);
    if (fault !== undefined) {
      const why = fault.message.split("\n")[0]?.replace(/ at line \d+.*$/, "");
      throw refuse(
        `${path} is not YAML (line ${fault.linePos?.[0].line ?? "?"}: ${why})`,
        "fix the file, then try again",
      );
    }
    return [...documents].map((document) => document.toJS() as JsonValue).filter((value) => value !== null);
  } catch (thrown) {
    if (thrown instanceof CommandError) throw thrown;
    throw refuse(`${path} cannot be read: ${firstLine(thrown)}`, "write the objects out instead of using YAML aliases");
  }
}

/** A List is what is in it. */
function objectsIn(value: JsonValue): readonly JsonValue[] {
  const object = objectIn(value);
  return textIn(object["kind"]) === "List" ? listIn(object["items"]) : [value];
}

const known = Object.keys(draftKinds).join(", ");

const whyNot: Readonly<Record<NoDraft, (path: string, what: string) => CommandError>> = {
  "no-object": (path) =>
    refuse(`${path} holds something that is no Kubernetes object`, "give it an apiVersion and a kind"),
  "other-kind": (path, what) =>
    refuse(
      `${path} holds ${what}, which policies apply does not apply`,
      `it applies ${known} of cilium.io/v2; kubectl apply takes the others`,
    ),
  "no-name": (path, what) => refuse(`${path} holds ${what} without a name`, "give it a metadata.name"),
  "no-namespace": (path, what) =>
    refuse(`${path} holds ${what} without a namespace`, "say in metadata.namespace where it belongs"),
  generated: (path, what) =>
    refuse(
      `${path} holds ${what} as a cluster had it, with its uid or resourceVersion`,
      "take metadata.uid and metadata.resourceVersion out",
    ),
};

function nameOf(value: JsonValue): string {
  const object = objectIn(value);
  const metadata = objectIn(object["metadata"]);
  const place = [metadata["namespace"], metadata["name"]].map(textIn).filter((part) => part !== "");
  return `${textIn(object["kind"])} ${place.join("/")} (${textIn(object["apiVersion"])})`;
}

/** Each object once: which of two was meant cannot be told. */
function drafted(values: readonly (readonly [path: string, value: JsonValue])[]): readonly Draft[] {
  const found = new Map<string, { readonly draft: Draft; readonly path: string }>();
  for (const [path, value] of values) {
    const draft = asDraft(value, path);
    if (typeof draft === "string") throw whyNot[draft](path, nameOf(value));
    const name = draftName(draft.ref);
    const twice = found.get(name);
    if (twice !== undefined && JSON.stringify(twice.draft.object) !== JSON.stringify(draft.object))
      throw refuse(
        twice.path === path
          ? `${path} holds two different ${name}`
          : `${twice.path} and ${path} hold different ${name}`,
        "keep one of them",
      );
    found.set(name, { draft, path });
  }
  return [...found.values()].map(({ draft }) => draft);
}

/** The drafts in files and folders that people name; throws USAGE with what is wrong with the first that is not one. */
export function draftsAt(paths: readonly string[]): readonly Draft[] {
  const files = [...new Set(paths.flatMap(filesAt))];
  const values = files.flatMap((path) =>
    documentsIn(path)
      .flatMap(objectsIn)
      .map((value) => [path, value] as const),
  );
  if (values.length === 0) throw refuse(`${paths.join(", ")} holds no object`, "name files with drafts");
  return drafted(values);
}

/** Drafts made just now. */
export const draftsFrom = (objects: readonly JsonObject[]): readonly Draft[] =>
  drafted(objects.map((object) => ["the drafts", object] as const));

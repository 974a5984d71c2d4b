import { type Document, parseDocument, type ScalarTag, type Tags } from "yaml";
import type { JsonObject } from "../../engine/model/plan-types.ts";
import { readOwnFile } from "../../kube/process/read-own-file.ts";
import { CommandError } from "../command-error.ts";
import { secretIn } from "./secret-values.ts";

/** helm keeps the values in a Secret, which may have 1 MiB in all. */
const mostBytes = 1024 * 1024;

const octal: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^[-+]?0o[0-7_]+$/,
  resolve: (text) => Number.parseInt(text.replaceAll("_", "").replace("0o", ""), 8),
};
const binary: ScalarTag = {
  tag: "tag:yaml.org,2002:binary",
  resolve: (text) => Buffer.from(text, "base64").toString("utf8"),
};

/** YAML as helm 3 and 4 read it: 1.1 (`yes` is true, 0755 is octal), but times stay text, `1:30` too, and 0o755 is octal as well. */
function helmTags(tags: Tags): Tags {
  const kept = tags.filter((tag) => {
    if (typeof tag === "string") return true;
    return !/:(timestamp|binary|set|omap|pairs)$/.test(tag.tag) && !("format" in tag && tag.format === "TIME");
  });
  return [octal, ...kept, binary];
}

const refuse = (message: string, remedy: string) => new CommandError("VALUES_REFUSED", message, remedy);
const firstLine = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)).split("\n")[0] ?? "";

function sourceOf(path: string): string {
  try {
    return readOwnFile(path, mostBytes);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT")
      throw refuse(`there is no values file ${path}`, "check the path given with --helm-values");
    throw refuse(
      `the values file ${path} cannot be read: ${firstLine(thrown)}`,
      "name a readable file with only the values that you change",
    );
  }
}

function parsed(source: string, path: string): Document.Parsed {
  const document = parseDocument(source, { version: "1.1", merge: true, customTags: helmTags });
  const [fault] = document.errors;
  if (!fault) return document;
  const where = fault.linePos?.[0].line ?? "?";
  if (fault.code === "MULTIPLE_DOCS")
    throw refuse(
      `${path} holds a second document (line ${where}), which helm would not read`,
      "keep one document, without ---",
    );
  const why = fault.message.split("\n")[0]?.replace(/ at line \d+.*$/, "");
  throw refuse(`${path} is not YAML (line ${where}: ${why})`, "fix the file, then try again");
}

function plainData(document: Document.Parsed, path: string): unknown {
  try {
    return document.toJS();
  } catch (thrown) {
    throw refuse(`${path} cannot be read: ${firstLine(thrown)}`, "write the values out instead of using YAML aliases");
  }
}

/** As JSON, which helm is handed; what JSON cannot say, and names that mean something to JavaScript, are refused. */
function asJson(data: object, path: string): JsonObject {
  const text = JSON.stringify(data, (key, value: unknown) => {
    if (typeof value === "number" && !Number.isFinite(value))
      throw refuse(`${path}: ${key} is ${value}, which helm cannot hand on`, "write a number, or quote it as text");
    if (key !== "" && key in Object.prototype)
      throw refuse(`${path}: ${key} is no value of the chart`, "take it out, then try again");
    return value;
  });
  return JSON.parse(text) as JsonObject;
}

function withoutSecrets(values: JsonObject, path: string): JsonObject {
  const secret = secretIn(values);
  if (secret === null) return values;
  throw refuse(
    `${path}: ${secret} is a secret, and values are recorded in a ConfigMap and in the journal`,
    "put it into a Secret of the cluster and name that one (existingSecret, secretName)",
  );
}

/** The operator's values file as data, read as helm would read it. */
export function readValues(path: string): JsonObject {
  const data = plainData(parsed(sourceOf(path), path), path);
  if (data === null || data === undefined) return {};
  if (typeof data === "object" && !Array.isArray(data)) return withoutSecrets(asJson(data, path), path);
  throw refuse(`${path} is not a map of values`, "its top level must be keys, such as: operator:");
}

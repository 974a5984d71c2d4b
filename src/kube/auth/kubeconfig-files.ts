import path from "node:path";
import { type Document, LineCounter, parseDocument } from "yaml";
import { CrossfadeError } from "../../engine/model/errors.ts";
import { type Reason, reason } from "../../engine/model/reason.ts";
import { at, type Fields, fields, list, text } from "../objects/read.ts";
import { readOwnFile } from "../process/read-own-file.ts";

/** Several kubeconfig files as one: the first mention of a name wins, as with kubectl. */
export interface MergedKubeconfig {
  readonly files: readonly string[];
  readonly currentContext: string;
  readonly clusters: ReadonlyMap<string, Fields>;
  readonly users: ReadonlyMap<string, Fields>;
  /** Which file a user stands in. */
  readonly fileOf: ReadonlyMap<string, string>;
  readonly contexts: ReadonlyMap<string, Fields>;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

const refuse = (why: Reason): CrossfadeError => new CrossfadeError("KUBECONFIG", why);

/** Those of thousands of clusters have a few megabytes. */
const mostBytes = 16 * 1024 * 1024;

/** Null where there is no such file. */
function sourceOf(file: string): string | null {
  try {
    return readOwnFile(file, mostBytes);
  } catch (error) {
    if (isMissing(error)) return null;
    const why = error instanceof Error ? error.message : String(error);
    throw refuse(reason("kubeconfig-unreadable", { file, said: why }));
  }
}

function readOne(file: string): Fields | null {
  const source = sourceOf(file);
  if (source === null) return null;
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, uniqueKeys: false });
  const broken = document.errors[0];
  if (broken !== undefined) {
    const { line } = lines.linePos(broken.pos[0]);
    const why = (broken.message.split("\n")[0] ?? "").replace(/ at line \d+.*$/, "");
    throw refuse(reason("kubeconfig-not-yaml", { file, line, said: why }));
  }
  const parsed = plainData(document, file);
  if (typeof parsed === "object" && !Array.isArray(parsed)) return fields(parsed);
  throw refuse(reason("kubeconfig-empty", { file }));
}

/** Aliases are resolved only here: one to nothing, or a hundred million of them, is refused and not built. */
function plainData(document: Document, file: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw refuse(reason("kubeconfig-aliases", { file, said: why }));
  }
}

/** Fields that name a file; kubectl takes them relative to the kubeconfig that bears them. */
const fileFields = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

function absolute(entry: Fields, folder: string): Fields {
  const out: Record<string, unknown> = { ...entry };
  for (const field of fileFields) {
    const value = text(entry[field]);
    if (value !== "") out[field] = path.resolve(folder, value);
  }
  const command = text(at(entry, "exec", "command"));
  if (command.includes("/") && !path.isAbsolute(command)) {
    out["exec"] = { ...fields(entry["exec"]), command: path.resolve(folder, command) };
  }
  return out;
}

function gather(into: Map<string, Fields>, entries: unknown, field: string, folder: string): void {
  for (const entry of list(entries)) {
    const name = text(at(entry, "name"));
    if (name !== "" && !into.has(name)) into.set(name, absolute(fields(at(entry, field)), folder));
  }
}

/** Reads and merges; files that are not there are skipped. */
export function mergeKubeconfigs(files: readonly string[]): MergedKubeconfig {
  const clusters = new Map<string, Fields>();
  const users = new Map<string, Fields>();
  const contexts = new Map<string, Fields>();
  const fileOf = new Map<string, string>();
  const found: string[] = [];
  let currentContext = "";
  for (const file of files) {
    const config = readOne(file);
    if (config === null) continue;
    const folder = path.dirname(path.resolve(file));
    found.push(file);
    gather(clusters, config["clusters"], "cluster", folder);
    gather(users, config["users"], "user", folder);
    for (const name of users.keys()) if (!fileOf.has(name)) fileOf.set(name, file);
    gather(contexts, config["contexts"], "context", folder);
    if (currentContext === "") currentContext = text(config["current-context"]);
  }
  return { files: found, currentContext, clusters, users, fileOf, contexts };
}

import { coreFields } from "./core-fields.ts";
import { groupFields } from "./group-fields.ts";
import { podFields } from "./pod-fields.ts";

/** How a protobuf field becomes JSON. */
export interface WireField {
  /** "" when the message is inlined into its parent. */
  readonly json: string;
  readonly shape: "one" | "list" | "map" | "inline";
  /** A pointer in Go: its zero value was meant and is kept; other zero values are Go's way to say nothing. */
  readonly pointer: boolean;
  /** A scalar's letter, a special type's name, or "group.Message". */
  readonly type: string;
}

/** Fields of one message by their number. */
export type WireMessage = ReadonlyMap<number, WireField>;

let parsed: ReadonlyMap<string, WireMessage> | null = null;

/** "apps.Deployment" → its fields; undefined for messages that no client is known to send. */
export function wireMessage(name: string): WireMessage | undefined {
  parsed ??= parse([podFields, coreFields, groupFields].join("\n"));
  return parsed.get(name);
}

/** The message of a kind; API groups are shortened to their first word, as Go names their packages. */
export function wireKind(apiVersion: string, kind: string): string {
  if (kind === "DeleteOptions") return "meta.DeleteOptions";
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "core";
  return `${shortGroups[group ?? ""] ?? group?.split(".")[0]}.${kind}`;
}

const shortGroups: Record<string, string> = { "rbac.authorization.k8s.io": "rbac" };

function parse(text: string): ReadonlyMap<string, WireMessage> {
  const messages = new Map<string, WireMessage>();
  for (const line of text.split("\n")) {
    const [name, ...fields] = line.split(" ");
    if (name) messages.set(name, new Map(fields.map(parseField)));
  }
  return messages;
}

function parseField(field: string): [number, WireField] {
  const [number = "", json = "", type = ""] = field.split(":");
  if (json.startsWith("+")) return [Number(number), { json: "", shape: "inline", pointer: false, type: json.slice(1) }];
  const shape = type.startsWith("[]") ? "list" : type.startsWith("{}") ? "map" : "one";
  const pointer = type.startsWith("?");
  return [Number(number), { json, shape, pointer, type: shape === "one" ? type.replace("?", "") : type.slice(2) }];
}

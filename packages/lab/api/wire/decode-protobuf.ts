import { readFields } from "./wire-reader.ts";
import { type WireField, wireKind, wireMessage } from "./wire-table.ts";

type Json = Record<string, unknown>;

/** Starts every protobuf body of the Kubernetes API, before its Unknown envelope. */
const magic = Buffer.from("k8s\0", "latin1");

/** The object, or the name of the kind that no field table is known for. */
export type Decoded = { readonly object: Json } | { readonly unknown: string };

/** Reads a body of application/vnd.kubernetes.protobuf; throws BrokenWire when it is none. */
export function decodeProtobuf(body: Buffer): Decoded {
  if (!body.subarray(0, 4).equals(magic)) return { unknown: "a body without the k8s prefix" };
  let apiVersion = "";
  let kind = "";
  let raw: Buffer = Buffer.alloc(0);
  for (const { number, value } of readFields(body.subarray(4))) {
    if (typeof value === "bigint") continue;
    if (number === 1) [apiVersion, kind] = typeMeta(value);
    else if (number === 2) raw = value;
  }
  const message = wireKind(apiVersion, kind);
  if (!wireMessage(message)) return { unknown: `${kind} of ${apiVersion}` };
  return { object: { apiVersion, kind, ...readMessage(raw, message) } };
}

function typeMeta(bytes: Buffer): [string, string] {
  let apiVersion = "";
  let kind = "";
  for (const { number, value } of readFields(bytes)) {
    if (number === 1) apiVersion = String(value);
    else if (number === 2) kind = String(value);
  }
  return [apiVersion, kind];
}

function readMessage(bytes: Buffer, name: string): Json {
  const fields = wireMessage(name);
  const object: Json = {};
  for (const { number, value } of readFields(bytes)) {
    const field = fields?.get(number);
    if (field) put(object, field, value);
  }
  return object;
}

function put(object: Json, field: WireField, raw: bigint | Buffer): void {
  switch (field.shape) {
    case "inline":
      Object.assign(object, readMessage(raw as Buffer, field.type));
      return;
    case "list":
      object[field.json] = [...((object[field.json] as unknown[] | undefined) ?? []), readValue(raw, field.type)];
      return;
    case "map": {
      const [key, value] = readEntry(raw as Buffer, field.type);
      object[field.json] = { ...(object[field.json] as Json | undefined), [key]: value };
      return;
    }
    case "one": {
      const value = readValue(raw, field.type);
      if (field.pointer || !isZero(value)) object[field.json] = value;
      return;
    }
    default:
      field.shape satisfies never;
  }
}

function isZero(value: unknown): boolean {
  if (value === null || value === "" || value === 0 || value === false) return true;
  return typeof value === "object" && !Array.isArray(value) && Object.keys(value as Json).length === 0;
}

function readEntry(bytes: Buffer, type: string): [string, unknown] {
  let key = "";
  let value: unknown = type === "s" || type === "y" ? "" : {};
  for (const field of readFields(bytes)) {
    if (field.number === 1) key = String(field.value);
    else if (field.number === 2) value = readValue(field.value, type);
  }
  return [key, value];
}

type Read = (raw: bigint | Buffer) => unknown;

const readers: Record<string, Read> = {
  s: String,
  b: (raw) => raw === 1n,
  i: (raw) => Number(BigInt.asIntN(64, raw as bigint)),
  d: (raw) => (raw as Buffer).readDoubleLE(),
  y: (raw) => (raw as Buffer).toString("base64"),
  time: (raw) => readTime(raw as Buffer, 0),
  micro: (raw) => readTime(raw as Buffer, 6),
  q: (raw) => String(only(raw as Buffer, 1) ?? "0"),
  ios: (raw) => (only(raw as Buffer, 1) === 1n ? String(only(raw as Buffer, 3) ?? "") : signed(only(raw as Buffer, 2))),
  raw: (raw) => JSON.parse(String(only(raw as Buffer, 1) ?? "null")),
  fields: (raw) => JSON.parse(String(only(raw as Buffer, 1) ?? "{}")),
  list: (raw) => [...readFields(raw as Buffer)].map(({ value }) => String(value)),
};

function readValue(raw: bigint | Buffer, type: string): unknown {
  const read = readers[type];
  return read ? read(raw) : readMessage(raw as Buffer, type);
}

function only(bytes: Buffer, wanted: number): bigint | Buffer | undefined {
  return [...readFields(bytes)].find(({ number }) => number === wanted)?.value;
}

const signed = (value: bigint | Buffer | undefined): number =>
  typeof value === "bigint" ? Number(BigInt.asIntN(64, value)) : 0;

/** RFC 3339 with no fraction (Time) or six digits (MicroTime); null for Go's zero time, which is sent as an empty message. */
function readTime(bytes: Buffer, digits: 0 | 6): string | null {
  const seconds = only(bytes, 1);
  if (typeof seconds !== "bigint") return null;
  const whole = Number(BigInt.asIntN(64, seconds));
  if (whole < -62_000_000_000) return null;
  const text = new Date(whole * 1000).toISOString().slice(0, 19);
  if (digits === 0) return `${text}Z`;
  const nanos = only(bytes, 2);
  const fraction = String(typeof nanos === "bigint" ? nanos / 1000n : 0n).padStart(6, "0");
  return `${text}.${fraction}Z`;
}

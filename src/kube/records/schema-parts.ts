import * as v from "valibot";
import type { JsonObject, JsonValue } from "../../engine/model/plan-types.ts";

/** A schema for values of this type. */
export type SchemaOf<T> = v.GenericSchema<unknown, T>;

/** What is shown of a value that is not known: a hostile one may be long, or nested deeper than our stack. */
const mostShown = 80;

function shown(value: unknown): string {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  const text = JSON.stringify(value);
  return text.length <= mostShown ? text : `${text.slice(0, mostShown)}…`;
}

export const unknownWord = ({ input }: v.BaseIssue<unknown>) =>
  input === undefined ? "is missing" : `is ${shown(input)}, which is not known`;

export const aText = v.string("is no text");
export const aNumber = v.pipe(v.number("is no number"), v.finite("is no number"));
export const aBoolean = v.boolean("is no yes or no");

/** A text of this form only. */
export const like = (form: RegExp, word: string) => v.pipe(aText, v.regex(form, `is no ${word}`));

/** A word of a list that the model keeps without a schema's help; that one wrote it is told by its seal. */
export const aWord = <T extends string>() => v.custom<T>((value) => typeof value === "string", "is no text");

/** Epoch milliseconds that a Date can be made of. */
export const aTime = v.pipe(
  v.number("is no time"),
  v.check((time) => Math.abs(time) <= 8.64e15, "is no time"),
);

export const oneOf = <const T extends readonly string[]>(words: T) => v.picklist(words, unknownWord);
export const only = <const T extends string | number | true>(value: T) => v.literal(value, unknownWord);
export const orNull = <S extends v.GenericSchema>(schema: S) => v.nullable(schema);
export const orAbsent = <S extends v.GenericSchema>(schema: S) => v.exactOptional(schema);
export const listOf = <S extends v.GenericSchema>(schema: S) => v.array(schema, "is no list");

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** All of these fields; others are left alone, so that a newer version may add some. */
export const objectOf = <E extends v.ObjectEntries>(fields: E) =>
  v.object(fields, ({ expected }) => (expected === "Object" ? "is no object" : "is missing"));

/** One of several objects, told apart by one field. */
export const byField = <const K extends string, const O extends v.VariantOptions<K>>(field: K, shapes: O) =>
  v.variant(field, shapes, (issue) => (issue.expected === "Object" ? "is no object" : unknownWord(issue)));

export const aJsonObject = v.custom<JsonObject>(isObject, "is no object");
export const anyJson = v.custom<JsonValue>(() => true);

const first = { abortEarly: true, abortPipeEarly: true } as const;

const ofKey = (input: Record<string, unknown>, key: string): v.IssuePathItem => ({
  type: "object",
  origin: "value",
  input,
  key,
  value: input[key],
});

type Fault = Pick<v.BaseIssue<unknown>, "message" | "path">;

function faultOf(schema: v.GenericSchema, isKnown: boolean, item: unknown): Fault | undefined {
  return isKnown ? v.safeParse(schema, item, first).issues?.[0] : { message: "is not known", path: undefined };
}

/** Of valibot's own record it differs in this: no key is passed over, not even one that is called constructor. */
const eachEntry = (schema: v.GenericSchema, isKnown: (key: string) => boolean) =>
  v.rawCheck<Record<string, unknown>>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const [key, item] of Object.entries(dataset.value)) {
      const fault = faultOf(schema, isKnown(key), item);
      if (fault === undefined) continue;
      addIssue({ message: fault.message, path: [ofKey(dataset.value, key), ...(fault.path ?? [])] });
      return;
    }
  });

const aMap = v.custom<Record<string, unknown>>(isObject, "is no object");

/** An object whose fields are all alike. */
export const mapOf = <T>(schema: SchemaOf<T>): SchemaOf<Record<string, T>> =>
  v.pipe(
    aMap,
    eachEntry(schema, () => true),
  ) as unknown as SchemaOf<Record<string, T>>;

/** The same, by keys of this kind only. */
export const mapByKeys = <M>(isKnown: (key: string) => boolean, schema: v.GenericSchema): SchemaOf<M> =>
  v.pipe(aMap, eachEntry(schema, isKnown)) as unknown as SchemaOf<M>;

/** The same, by the words of a list only. */
export const mapBy = <const K extends string, T>(
  keys: readonly K[],
  schema: SchemaOf<T>,
): SchemaOf<{ [key in K]?: T }> => mapByKeys((key) => (keys as readonly string[]).includes(key), schema);

function placeOf(where: string, path: readonly v.IssuePathItem[]): string {
  return path.reduce((place, { key }) => {
    if (typeof key === "number") return `${place}[${key}]`;
    const name = String(key).slice(0, mostShown);
    return place === "" ? name : `${place}.${name}`;
  }, where);
}

/** Says what is wrong with a value ("plan.nodes[3].name is no text"), or null. Stops at the first, however many there are. */
export function wrongIn(schema: v.GenericSchema, value: unknown, where: string): string | null {
  const [issue] = v.safeParse(schema, value, first).issues ?? [];
  return issue === undefined ? null : `${placeOf(where, issue.path ?? [])} ${issue.message}`;
}

type Plain<T> = true extends Same<T, JsonValue> | Same<T, JsonObject> ? T : Each<T>;
type Each<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer I)[]
    ? readonly Plain<I>[]
    : { readonly [K in keyof T]: Plain<T[K]> };
type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;

/**
 * Holds a schema against the model's type, to the letter: a field or a word that one of them has and the other has not does
 * not compile. The engine imports no library, so its types cannot follow from a schema: they are kept equal instead.
 */
export const agreeing =
  <T>() =>
  <S extends v.GenericSchema>(
    schema: Same<Plain<T>, Plain<v.InferOutput<S>>> extends true ? S : { readonly differsFrom: T },
  ): SchemaOf<T> =>
    schema as unknown as SchemaOf<T>;

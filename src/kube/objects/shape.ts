/** Says what is wrong with a value ("plan.nodes[3].name is no text"), or null. */
export type Shape = (value: unknown, where: string) => string | null;

const kindOf =
  (type: "string" | "number" | "boolean", word: string): Shape =>
  (value, where) =>
    typeof value === type && (type !== "number" || Number.isFinite(value)) ? null : `${where} is no ${word}`;

export const aText = kindOf("string", "text");
export const aNumber = kindOf("number", "number");
export const aBoolean = kindOf("boolean", "yes or no");

/** A text that no program takes for an option or for nothing. */
export const anArgument: Shape = (value, where) =>
  aText(value, where) ?? (/^[^-\s\0][^\0]*$/.test(String(value)) ? null : `${where} could be read as an option`);

/** A text of this form only. */
export const like =
  (form: RegExp, word: string): Shape =>
  (value, where) =>
    aText(value, where) ?? (form.test(String(value)) ? null : `${where} is no ${word}`);

/** Epoch milliseconds that a Date can be made of. */
export const aTime: Shape = (value, where) =>
  typeof value === "number" && Math.abs(value) <= 8.64e15 ? null : `${where} is no time`;

export const anything: Shape = () => null;

export function oneOf(...allowed: readonly (string | number)[]): Shape {
  return (value, where) =>
    allowed.some((one) => one === value) ? null : `${where} is ${JSON.stringify(value)}, which is not known`;
}

export function orNull(shape: Shape): Shape {
  return (value, where) => (value === null ? null : shape(value, where));
}

export function listOf(shape: Shape): Shape {
  return (value, where) => {
    if (!Array.isArray(value)) return `${where} is no list`;
    for (const [index, item] of value.entries()) {
      const wrong = shape(item, `${where}[${index}]`);
      if (wrong !== null) return wrong;
    }
    return null;
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function mapOf(shape: Shape): Shape {
  return (value, where) => {
    if (!isObject(value)) return `${where} is no object`;
    for (const [key, item] of Object.entries(value)) {
      const wrong = shape(item, `${where}.${key}`);
      if (wrong !== null) return wrong;
    }
    return null;
  };
}

/** All of these fields; others are left alone, so that a newer version may add some. */
export function objectOf(fields: Readonly<Record<string, Shape>>): Shape {
  return (value, where) => {
    if (!isObject(value)) return `${where} is no object`;
    for (const [key, shape] of Object.entries(fields)) {
      const wrong = shape(value[key], where === "" ? key : `${where}.${key}`);
      if (wrong !== null) return wrong;
    }
    return null;
  };
}

/** One of several objects, told apart by one field. */
export function byField(field: string, shapes: Readonly<Record<string, Shape>>): Shape {
  return (value, where) => {
    if (!isObject(value)) return `${where} is no object`;
    const shape = shapes[String(value[field])];
    return shape === undefined
      ? `${where}.${field} is ${JSON.stringify(value[field])}, which is not known`
      : shape(value, where);
  };
}

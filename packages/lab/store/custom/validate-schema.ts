import { Faults } from "../faults.ts";
import { isTree, same, stringsIn, type Tree } from "../json-tree.ts";

/**
 * Checks a value against an OpenAPI v3 schema in the words of kube-openapi. Rules in CEL (x-kubernetes-validations) and
 * string formats are not evaluated: the lab accepts what only they would refuse.
 */
export function validateSchema(value: unknown, schema: Tree, path: string, faults: Faults): void {
  if (value === null && schema.nullable === true) return;
  if (!checkType(value, schema, path, faults)) return;
  checkEnum(value, schema, path, faults);
  if (typeof value === "number") checkNumber(value, schema, path, faults);
  else if (typeof value === "string") checkString(value, schema, path, faults);
  else if (Array.isArray(value)) checkList(value, schema, path, faults);
  else if (isTree(value)) checkTree(value, schema, path, faults);
  checkCombinations(value, schema, path, faults);
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function checkType(value: unknown, schema: Tree, path: string, faults: Faults): boolean {
  const type = typeOf(value);
  if (schema["x-kubernetes-int-or-string"] === true) {
    if (type === "integer" || type === "string") return true;
    faults.wrongType(path, type, `${path} in body must be of type integer or string: ${JSON.stringify(type)}`);
    return false;
  }
  const wanted = schema.type;
  if (typeof wanted !== "string" || wanted === type || (wanted === "number" && type === "integer")) return true;
  faults.wrongType(path, type, `${path} in body must be of type ${wanted}: ${JSON.stringify(type)}`);
  return false;
}

function checkEnum(value: unknown, schema: Tree, path: string, faults: Faults): void {
  const allowed = schema.enum;
  if (Array.isArray(allowed) && !allowed.some((each) => same(each, value))) faults.unsupported(path, value, allowed);
}

function checkNumber(value: number, schema: Tree, path: string, faults: Faults): void {
  const { multipleOf } = schema;
  const wrongs = [tooSmall(value, schema), tooBig(value, schema)];
  if (typeof multipleOf === "number" && value % multipleOf !== 0) wrongs.push(`a multiple of ${multipleOf}`);
  for (const what of wrongs) if (what) faults.invalid(path, value, `${path} in body should be ${what}`);
}

function tooSmall(value: number, { minimum, exclusiveMinimum }: Tree): string | null {
  if (typeof minimum !== "number") return null;
  if (exclusiveMinimum === true && value <= minimum) return `greater than ${minimum}`;
  return value < minimum ? `greater than or equal to ${minimum}` : null;
}

function tooBig(value: number, { maximum, exclusiveMaximum }: Tree): string | null {
  if (typeof maximum !== "number") return null;
  if (exclusiveMaximum === true && value >= maximum) return `less than ${maximum}`;
  return value > maximum ? `less than or equal to ${maximum}` : null;
}

const patterns = new Map<string, RegExp | null>();

/** Go's syntax is nearly ours; what we cannot compile is not checked. */
function compiled(pattern: string): RegExp | null {
  let regex = patterns.get(pattern);
  if (regex === undefined) {
    try {
      regex = new RegExp(pattern);
    } catch {
      regex = null;
    }
    patterns.set(pattern, regex);
  }
  return regex;
}

function checkString(value: string, schema: Tree, path: string, faults: Faults): void {
  const { minLength, maxLength, pattern } = schema;
  if (typeof minLength === "number" && value.length < minLength) {
    faults.invalid(path, value, `${path} in body should be at least ${minLength} chars long`);
  }
  if (typeof maxLength === "number" && value.length > maxLength) faults.tooLong(path, maxLength);
  if (typeof pattern === "string" && compiled(pattern)?.test(value) === false) {
    faults.invalid(path, value, `${path} in body should match '${pattern}'`);
  }
}

function checkList(value: readonly unknown[], schema: Tree, path: string, faults: Faults): void {
  const { minItems, maxItems, items } = schema;
  if (typeof minItems === "number" && value.length < minItems) {
    faults.invalid(path, value.length, `${path} in body should have at least ${minItems} items`);
  }
  if (typeof maxItems === "number" && value.length > maxItems) faults.tooMany(path, value.length, maxItems);
  if (isTree(items))
    for (const [index, item] of value.entries()) validateSchema(item, items, `${path}[${index}]`, faults);
  checkUnique(value, schema, path, faults);
}

function checkUnique(value: readonly unknown[], schema: Tree, path: string, faults: Faults): void {
  const type = schema["x-kubernetes-list-type"];
  if (type !== "map" && type !== "set" && schema.uniqueItems !== true) return;
  const keys = stringsIn(schema["x-kubernetes-list-map-keys"]);
  const seen = new Set<string>();
  value.forEach((item, index) => {
    const key = type === "map" && isTree(item) ? Object.fromEntries(keys.map((each) => [each, item[each]])) : item;
    const text = JSON.stringify(key);
    if (seen.has(text)) faults.duplicate(`${path}[${index}]`, key);
    seen.add(text);
  });
}

function checkTree(value: Tree, schema: Tree, path: string, faults: Faults): void {
  const below = (field: string) => (path ? `${path}.${field}` : field);
  const properties = isTree(schema.properties) ? schema.properties : {};
  for (const field of stringsIn(schema.required)) if (value[field] === undefined) faults.required(below(field));
  checkCount(Object.keys(value).length, schema, path, faults);
  for (const [field, part] of Object.entries(value)) {
    const rule = properties[field] ?? schema.additionalProperties;
    if (isTree(rule)) validateSchema(part, rule, below(field), faults);
  }
}

function checkCount(count: number, { minProperties, maxProperties }: Tree, path: string, faults: Faults): void {
  if (typeof minProperties === "number" && count < minProperties) {
    faults.invalid(path, count, `${path} in body should have at least ${minProperties} properties`);
  }
  if (typeof maxProperties === "number" && count > maxProperties) faults.tooMany(path, count, maxProperties);
}

function checkCombinations(value: unknown, schema: Tree, path: string, faults: Faults): void {
  const fits = (rule: unknown) => {
    if (!isTree(rule)) return true;
    const found = new Faults();
    validateSchema(value, rule, path, found);
    return found.causes.length === 0;
  };
  const { allOf, anyOf, oneOf, not } = schema;
  const say = (what: string) => faults.invalid(path, value, `${path} in body must validate ${what}`);
  if (Array.isArray(allOf) && !allOf.every(fits)) say("all the schemas (allOf)");
  if (Array.isArray(anyOf) && !anyOf.some(fits)) say("at least one schema (anyOf)");
  if (Array.isArray(oneOf) && oneOf.filter(fits).length !== 1) say("one and only one schema (oneOf)");
  if (isTree(not) && fits(not)) say("not the schema (not)");
}

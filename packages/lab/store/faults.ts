import type { StatusCause } from "./api-error.ts";

/** Collects what is wrong with an object in the API server's words; an empty list means valid. */
export class Faults {
  readonly #causes: StatusCause[] = [];

  get causes(): readonly StatusCause[] {
    return this.#causes;
  }

  required(field: string, detail = ""): void {
    this.#add("FieldValueRequired", field, `Required value${detail ? `: ${detail}` : ""}`);
  }

  invalid(field: string, value: unknown, detail: string): void {
    this.#add("FieldValueInvalid", field, `Invalid value: ${shown(value)}: ${detail}`);
  }

  wrongType(field: string, value: unknown, detail: string): void {
    this.#add("FieldValueTypeInvalid", field, `Invalid value: ${shown(value)}: ${detail}`);
  }

  unsupported(field: string, value: unknown, supported: readonly unknown[]): void {
    const list = supported.map(shown).join(", ");
    this.#add("FieldValueNotSupported", field, `Unsupported value: ${shown(value)}: supported values: ${list}`);
  }

  forbidden(field: string, detail: string): void {
    this.#add("FieldValueForbidden", field, `Forbidden: ${detail}`);
  }

  duplicate(field: string, value: unknown): void {
    this.#add("FieldValueDuplicate", field, `Duplicate value: ${shown(value)}`);
  }

  absent(field: string, value: unknown): void {
    this.#add("FieldValueNotFound", field, `Not found: ${shown(value)}`);
  }

  tooLong(field: string, limit: number): void {
    this.#add("FieldValueTooLong", field, `Too long: may not be more than ${limit} bytes`);
  }

  tooMany(field: string, count: number, limit: number): void {
    this.#add("FieldValueTooMany", field, `Too many: ${count}: must have at most ${limit} items`);
  }

  /** Adds an "is immutable" fault when the two differ by identity, which grafted objects do only when they differ. */
  immutable(field: string, value: unknown, old: unknown): void {
    if (value !== old) this.invalid(field, value, "field is immutable");
  }

  #add(reason: string, field: string, message: string): void {
    this.#causes.push({ reason, message, field });
  }
}

function shown(value: unknown): string {
  return value === undefined ? "null" : JSON.stringify(value);
}

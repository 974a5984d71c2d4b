/** What a request is answered with, before it is bytes. */
export type Answer =
  | { readonly kind: "json"; readonly code: number; readonly text: string; readonly contentType?: string }
  /** A long list in pieces, so that no string has to hold all of it. */
  | { readonly kind: "pieces"; readonly pieces: Iterable<string> }
  | { readonly kind: "text"; readonly code: number; readonly text: string }
  /** The response was taken over and is, or will be, ended by whoever did. */
  | { readonly kind: "streamed" };

/** An answer of a plain value. */
export function json(value: unknown, code = 200, contentType?: string): Answer {
  return { kind: "json", code, text: JSON.stringify(value), ...(contentType ? { contentType } : {}) };
}

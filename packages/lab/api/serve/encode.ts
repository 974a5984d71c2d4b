import type { KubeObject } from "../../objects.ts";

/** Stored objects are frozen, so an object's text is made once however many lists and watchers want it. */
const texts = new WeakMap<object, string>();
const itemTexts = new WeakMap<object, string>();
const partialTexts = new WeakMap<object, string>();

function cached(cache: WeakMap<object, string>, object: object, make: () => string): string {
  const known = cache.get(object);
  if (known !== undefined) return known;
  const text = make();
  if (Object.isFrozen(object)) cache.set(object, text);
  return text;
}

/** The object as JSON. */
export function jsonOf(object: object): string {
  return cached(texts, object, () => JSON.stringify(object));
}

/** As an item of a typed list: built-in kinds leave kind and apiVersion to the list, as the API server does. */
export function itemJsonOf(object: KubeObject, custom: boolean): string {
  if (custom) return jsonOf(object);
  return cached(itemTexts, object, () => {
    const whole = jsonOf(object);
    const head = `{"apiVersion":${JSON.stringify(object.apiVersion)},"kind":${JSON.stringify(object.kind)},`;
    if (whole.startsWith(head)) return `{${whole.slice(head.length)}`;
    return JSON.stringify({ ...object, apiVersion: undefined, kind: undefined });
  });
}

/** Metadata alone, as PartialObjectMetadata. */
export function partialJsonOf(object: KubeObject): string {
  return cached(
    partialTexts,
    object,
    () => `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":${jsonOf(object.metadata)}}`,
  );
}

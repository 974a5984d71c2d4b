import type { KubeObject } from "../../objects.ts";
import { tableText } from "../tables/table-text.ts";
import type { Answer } from "./answer.ts";
import type { Call } from "./call.ts";
import { jsonOf, partialJsonOf } from "./encode.ts";

/** One object in the form that was asked for. */
export function objectAnswer(call: Call, object: KubeObject, code = 200): Answer {
  return { kind: "json", code, text: objectText(call, object) };
}

function objectText(call: Call, object: KubeObject): string {
  // A Scale is no kind of the resource's own, so it has no table here.
  const own = call.subresource === null || call.subresource === "status";
  if (call.form.as === "Table" && own) return tableText(call, object);
  if (call.form.as === "PartialObjectMetadata") return partialJsonOf(object);
  return jsonOf(object);
}

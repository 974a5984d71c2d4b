import type { KubeObject } from "../../objects.ts";
import type { ListMeta } from "../list.ts";
import type { Call } from "../serve/call.ts";
import { jsonOf, partialJsonOf } from "../serve/encode.ts";
import type { TableKind } from "./table-kind.ts";
import { tableOf } from "./tables.ts";

const head = `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":`;

/** The pieces of a Table of many objects. */
export function* tablePieces(call: Call, items: readonly KubeObject[], meta: ListMeta): Generator<string> {
  const kind = tableOf(call.resource, call.version);
  const row = rowWriter(call, kind);
  yield `${head}${JSON.stringify(meta)},"columnDefinitions":${JSON.stringify(kind.columns)},"rows":[`;
  for (let index = 0; index < items.length; index++) {
    if (index > 0) yield ",";
    yield row(items[index] as KubeObject);
  }
  yield "]}";
}

/** A Table of one object; watches leave the columns out after their first event. */
export function tableText(call: Call, object: KubeObject, withColumns = true): string {
  const kind = tableOf(call.resource, call.version);
  const meta = JSON.stringify({ resourceVersion: object.metadata.resourceVersion ?? "" });
  const definitions = withColumns ? JSON.stringify(kind.columns) : "null";
  return `${head}${meta},"columnDefinitions":${definitions},"rows":[${rowWriter(call, kind)(object)}]}`;
}

/** includeObject says what of the object goes along with its cells: its metadata, unless told otherwise. */
function rowWriter(call: Call, kind: TableKind): (object: KubeObject) => string {
  const include = call.query.get("includeObject") ?? "Metadata";
  const now = call.world.clock.now();
  return (object) => {
    const cells = JSON.stringify(kind.cells(object, { now }));
    if (include === "None") return `{"cells":${cells},"object":null}`;
    return `{"cells":${cells},"object":${include === "Object" ? jsonOf(object) : partialJsonOf(object)}}`;
  };
}

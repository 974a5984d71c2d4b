import type { KubeObject } from "../../objects.ts";
import { ageOf } from "./age.ts";
import { columns, type TableKind } from "./table-kind.ts";

interface ObjectRef {
  readonly kind?: string;
  readonly name?: string;
  readonly fieldPath?: string;
}

interface EventSource {
  readonly component?: string;
  readonly host?: string;
}

/** An Event in either group's words: core/v1 or events.k8s.io/v1. */
interface EventView extends KubeObject {
  readonly involvedObject?: ObjectRef;
  readonly regarding?: ObjectRef;
  readonly source?: EventSource;
  readonly deprecatedSource?: EventSource;
  readonly reportingComponent?: string;
  readonly reportingController?: string;
  readonly message?: string;
  readonly note?: string;
  readonly type?: string;
  readonly reason?: string;
  readonly count?: number;
  readonly deprecatedCount?: number;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly deprecatedFirstTimestamp?: string | null;
  readonly deprecatedLastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string } | null;
}

/** Events, last seen first in the row. */
export const eventTable: TableKind = {
  columns: columns(
    "Last Seen",
    "Type",
    "Reason",
    "Object",
    "wide:Subobject",
    "wide:Source",
    "Message",
    "wide:First Seen",
    "wide:number:Count",
    "wide:Name",
  ),
  cells(object, { now }) {
    const event = object as EventView;
    const { type = "", reason = "" } = event;
    const target = event.involvedObject ?? event.regarding ?? {};
    const first = ageOf(event.firstTimestamp ?? event.deprecatedFirstTimestamp ?? event.eventTime, now);
    return [
      lastSeen(event, first, now),
      type,
      reason,
      targetOf(target),
      target.fieldPath ?? "",
      sourceOf(event),
      (event.message ?? event.note ?? "").trim(),
      first,
      timesSeen(event),
      event.metadata.name,
    ];
  },
};

const timesSeen = ({ series, count, deprecatedCount }: EventView) => series?.count ?? (count || deprecatedCount || 1);

function targetOf({ kind = "", name }: ObjectRef): string {
  return name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase();
}

function lastSeen(event: EventView, first: string, now: number): string {
  const last = event.series?.lastObservedTime ?? event.lastTimestamp ?? event.deprecatedLastTimestamp;
  const shown = last ? ageOf(last, now) : first;
  const count = timesSeen(event);
  return count > 1 ? `${shown} (x${count} over ${first})` : shown;
}

function sourceOf(event: EventView): string {
  const source = event.source ?? event.deprecatedSource ?? {};
  const component = source.component || event.reportingComponent || event.reportingController || "";
  return source.host ? `${component}, ${source.host}` : component;
}

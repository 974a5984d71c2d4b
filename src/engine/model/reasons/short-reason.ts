import type { Reason } from "../reason.ts";

/** What is left of the room for text. */
interface Room {
  left: number;
}

function cut(text: string, room: Room): string {
  const kept = text.length <= room.left ? text : `${text.slice(0, room.left)}…`;
  room.left = Math.max(0, room.left - text.length);
  return kept;
}

function within(value: unknown, room: Room): unknown {
  if (typeof value === "string") return cut(value, room);
  if (Array.isArray(value)) return value.filter(() => room.left > 0).map((item) => within(item, room));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, within(item, room)]));
}

const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

/** The texts among its facts, for where there is no room for a sentence: others' own words are among them. */
export const textsOf = ({ params }: Reason): string => textsIn(params).join(", ");

/** The reason with so many characters of text in its facts, and of those within them, as a record has room for. */
export function shortened(reason: Reason, longest: number): Reason {
  if (JSON.stringify(reason.params).length <= longest) return reason;
  return { ...reason, params: within(reason.params, { left: longest }) } as Reason;
}

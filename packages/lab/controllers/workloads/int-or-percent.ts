import type { IntOrPercent } from "../kinds.ts";

/** "25%" of a total, rounded as asked; whole numbers stay as they are. */
export function scaledValue(value: IntOrPercent, total: number, round: "up" | "down"): number {
  if (typeof value === "number") return value;
  const share = (Number.parseInt(value, 10) * total) / 100;
  if (!value.endsWith("%")) return Number.parseInt(value, 10);
  return round === "up" ? Math.ceil(share) : Math.floor(share);
}

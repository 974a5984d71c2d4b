/** 0.4s, 12s, 2m10s, 1h04m: never more than six columns below four days. */
export function duration(ms: number): string {
  const safe = Math.max(0, ms);
  if (safe < 10_000) return `${(Math.floor(safe / 100) / 10).toFixed(1)}s`;
  return wholeSeconds(safe);
}

/** The same without tenths: for what is shown while it runs. */
export function wholeSeconds(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${String(seconds % 60).padStart(2, "0")}s`;
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, "0")}m`;
}

/** An estimate: rounded, since more digits would promise more than is known. */
export function roughly(ms: number): string {
  if (ms < 60_000) return "under 1m";
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `about ${minutes}m`;
  return minutes < 600
    ? `about ${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, "0")}m`
    : `about ${Math.round(minutes / 60)}h`;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs a hundred times what using it does. */
function clockFor(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", ...(zone === "" ? {} : { timeZone: zone }) });
  clocks.set(zone, clock);
  return clock;
}

/** 14:03:59 in the operator's own time zone. */
export function timeOfDay(at: number, zone?: string): string {
  return clockFor(zone ?? "").format(at);
}

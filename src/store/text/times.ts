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

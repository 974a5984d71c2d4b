/** A duration is written in two forms: narrow for the columns of a screen (2m10s), and in words for lines (2 min 10 s). */

const twoDigits = (count: number): string => String(count).padStart(2, "0");

/** Of minutes or of seconds: how many whole sixties there are in it, and what is left. */
const sixties = (count: number): readonly [whole: number, left: number] => [Math.floor(count / 60), count % 60];

/** 0.4s, 12s, 2m10s, 1h04m: never more than six columns below four days. */
export function duration(ms: number): string {
  const safe = Math.max(0, ms);
  if (safe < 10_000) return `${(Math.floor(safe / 100) / 10).toFixed(1)}s`;
  return wholeSeconds(safe);
}

/** The same without tenths: for what is shown while it runs. */
export function wholeSeconds(ms: number): string {
  const [minutes, seconds] = sixties(Math.floor(Math.max(0, ms) / 1_000));
  if (minutes === 0) return `${seconds}s`;
  const [hours, rest] = sixties(minutes);
  return hours === 0 ? `${minutes}m${twoDigits(seconds)}s` : `${hours}h${twoDigits(rest)}m`;
}

/** An estimate: rounded, since more digits would promise more than is known. */
export function roughly(ms: number): string {
  if (ms < 60_000) return "under 1m";
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `about ${minutes}m`;
  const [hours, rest] = sixties(minutes);
  return minutes < 600 ? `about ${hours}h${twoDigits(rest)}m` : `about ${Math.round(minutes / 60)}h`;
}

/** 950 ms, 12 s, 3 min 05 s, 2 h 10 min. */
export function inWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const [minutes, seconds] = sixties(Math.round(ms / 1_000));
  if (minutes === 0) return `${seconds} s`;
  const [hours, rest] = sixties(minutes);
  return hours === 0 ? `${minutes} min ${twoDigits(seconds)} s` : `${hours} h ${twoDigits(rest)} min`;
}

/** 45 s, 12 min, 3 h 5 min: as exact as a guess deserves. */
export function roughlyInWords(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const [hours, minutes] = sixties(Math.round(seconds / 60));
  if (hours === 0) return `${minutes} min`;
  return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
}

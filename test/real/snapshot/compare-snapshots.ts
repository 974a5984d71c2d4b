import type { Snapshot } from "./node-snapshot.ts";

/** One line that is there now and was not, or the other way round. */
export interface Difference {
  readonly what: "stayed" | "gone";
  readonly kind: string;
  readonly line: string;
}

/** What stayed behind, and what was there before and is not any more. */
export function compareSnapshots(before: Snapshot, after: Snapshot): readonly Difference[] {
  const kinds = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return kinds.flatMap((kind) => {
    const [was, is] = [new Set(before[kind]), new Set(after[kind])];
    return [
      ...[...is].filter((line) => !was.has(line)).map((line): Difference => ({ what: "stayed", kind, line })),
      ...[...was].filter((line) => !is.has(line)).map((line): Difference => ({ what: "gone", kind, line })),
    ];
  });
}

/** A line that may differ, and why. */
export interface Excuse {
  readonly what: "stayed" | "gone";
  readonly kind: string;
  readonly line: RegExp;
  readonly why: string;
}

/** Those that no excuse covers. */
export const unexcused = (found: readonly Difference[], excuses: readonly Excuse[]): readonly Difference[] =>
  found.filter(
    ({ what, kind, line }) =>
      !excuses.some((excuse) => excuse.what === what && excuse.kind === kind && excuse.line.test(line)),
  );

export const differenceLines = (found: readonly Difference[]): string =>
  found.map(({ what, kind, line }) => `${what} ${kind}: ${line}`).join("\n");

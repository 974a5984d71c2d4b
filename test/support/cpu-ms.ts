/** Milliseconds of processor time that the work took in this process: unlike the wall's clock, others' load is not in it. */
export function cpuMs(work: () => void): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
}

/** Ten times as much may cost forty times as much; work that grows with the square costs a hundred times. */
export const growsLinearly = (tenth: number, whole: number): boolean => whole < 40 * Math.max(tenth, 5);

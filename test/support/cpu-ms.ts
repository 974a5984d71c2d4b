function once(work: () => void): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
}

/**
 * Milliseconds of processor time that the work takes in this process: unlike the wall's clock, others' load is not in it. The least of
 * three, for what compiles the code and collects garbage in other threads of the process is.
 */
export const cpuMs = (work: () => void): number => Math.min(once(work), once(work), once(work));

/** Ten times as much may cost forty times as much; work that grows with the square costs a hundred times. */
export const growsLinearly = (tenth: number, whole: number): boolean => whole < 40 * Math.max(tenth, 5);

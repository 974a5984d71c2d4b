import type { ContainerContext, ProgramExit } from "../program.ts";
import { ProgramExit as Exit } from "../program.ts";

/** Runs a daemon's start beside its container; whatever it throws ends the container, unless that was told to stop anyway. */
export function inBackground(
  context: ContainerContext,
  crash: (exit: ProgramExit) => void,
  work: () => Promise<void>,
): void {
  work().catch((error: unknown) => {
    if (context.signal.aborted) return;
    const exit = error instanceof Exit ? error : new Exit(2, error instanceof Error ? error.message : String(error));
    context.log(`level=fatal msg="${exit.message}"`);
    crash(exit);
  });
}

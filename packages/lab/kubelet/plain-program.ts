import { pause } from "../clock.ts";
import { type ContainerContext, type Program, ProgramExit } from "../program.ts";
import { draw, type KubeletTimings } from "./timings.ts";
import type { ToolScope } from "./toolbox/tool.ts";
import { knows, runTool } from "./toolbox/toolbox.ts";

/** How a container's command line gets at files and namespaces. */
export type ScopeOf = (context: ContainerContext) => ToolScope;

/** What an image does that the lab has no program for: its command line if the toolbox knows it, else a plain server. */
export function plainProgram(timings: KubeletTimings, scopeOf: ScopeOf): Program {
  return {
    name: "plain",
    matches: () => true,
    async runToEnd(context) {
      if (knows(context.argv[0] ?? "")) return runCommand(context, scopeOf);
      await pause(context.clock, draw(context.random, timings.task), context.signal);
    },
    start(context) {
      const readyAt = context.clock.now() + draw(context.random, timings.warmUp);
      context.log(`${context.container} starting`);
      const port = firstPort(context);
      if (port !== null) context.log(`listening on :${port}`);
      return { ready: () => context.clock.now() >= readyAt };
    },
  };
}

async function runCommand(context: ContainerContext, scopeOf: ScopeOf): Promise<void> {
  const result = await runTool(context.argv, scopeOf(context));
  for (const text of [result.stdout, result.stderr]) {
    for (const line of text.split("\n")) if (line) context.log(line);
  }
  if (result.exitCode !== 0) throw new ProgramExit(result.exitCode, result.stderr.trim());
}

/** Whether a container ends by itself: its command is a tool's, or its pod belongs to a Job. */
export function endsByItself(context: ContainerContext): boolean {
  const ofJob = context.pod.metadata.ownerReferences?.some(({ kind }) => kind === "Job") ?? false;
  return ofJob || knows(context.argv[0] ?? "");
}

function firstPort({ pod, container }: ContainerContext): number | null {
  const { containers } = pod.spec as { containers: { name: string; ports?: { containerPort: number }[] }[] };
  return containers.find(({ name }) => name === container)?.ports?.[0]?.containerPort ?? null;
}

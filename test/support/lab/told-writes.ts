import type { LabSetup } from "crossfade-lab/lab.ts";

const reads: ReadonlySet<string> = new Set(["get", "list", "watch"]);

/** For a lab's setup: remembers each request that changes something, as "create leases"; what only asks for rights, or is a dry run, is none. */
export function tellWrites(writes: string[]): Pick<LabSetup, "onAllowed"> {
  return {
    onAllowed: (_user, question) => {
      const resource = "resource" in question ? question.resource : "";
      if ("dryRun" in question) return;
      if (!reads.has(question.verb) && !resource.endsWith("reviews")) writes.push(`${question.verb} ${resource}`);
    },
  };
}

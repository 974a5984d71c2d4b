import type { RunOptions } from "../../engine/model/plan-types.ts";

type Policy = Pick<RunOptions, "onNodeFailure" | "maxFailures">;

/** What the plan does with a node that fails, after "a node that fails". */
export function failureWords({ onNodeFailure, maxFailures }: Policy): string {
  switch (onNodeFailure) {
    case "stop":
      return "stops the run and is left as it is, for you to decide";
    case "rollback":
      return "is rolled back, then the run stops for you to decide";
    case "skip":
      return `is rolled back and excluded; more than ${maxFailures} stop the run`;
    default:
      return onNodeFailure satisfies never;
  }
}

import { failureIn } from "./failure-in.ts";
import type { SayersOf } from "./said.ts";

/** The cluster could not be asked, or refused a write. */
export const outageWords: SayersOf<
  "api-unavailable" | "unavailable" | "no-credentials" | "admission-denied" | "admission-unavailable"
> = {
  "api-unavailable": ({ detail }) => ({
    text: `the cluster could not be asked: ${detail}`,
    clearedBy: "the API server answering",
  }),
  unavailable: ({ detail, endedBy }) => ({ text: detail, clearedBy: endedBy }),
  "no-credentials": ({ failure }, audience, { say }) => {
    const { message, remedy } = failureIn(say, failure, audience, null);
    return {
      text: `no credentials for the cluster: ${message.replace(/\.$/, "")} (${remedy})`,
      clearedBy: "credentials for the cluster",
    };
  },
  "admission-denied": ({ by, said }) => ({
    text: `a write that was refused: ${said}`,
    clearedBy: `${by} letting it pass`,
    remedy: `see to it that ${by} lets it pass, then retry`,
  }),
  "admission-unavailable": ({ by, said }) => ({
    text: `a write to be admitted: ${said}`,
    clearedBy: `${by} answering`,
  }),
};

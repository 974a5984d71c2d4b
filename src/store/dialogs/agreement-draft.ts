import { agreementSentence } from "../../words/failures/run-failure-words.ts";
import type { PanelState } from "../panel-state.ts";
import { type Line, span } from "../text/line.ts";
import type { Draft } from "./dialogs.ts";

const line = (text: string): Line => [span(text)];

/** A recorded run that was not agreed to on this machine: all that it would do here, before it does anything. */
export function agreementDraft({ run, user, cluster }: PanelState): Draft | null {
  const { agreement } = run;
  if (agreement === null) return null;
  const { hash, terms } = agreement;
  return {
    title: `A run on ${cluster} that was not agreed to on this machine`,
    danger: true,
    body: [
      line(`${agreementSentence(agreement)}.`),
      line(`Anyone who may write ConfigMaps in namespace crossfade may have written it. It would run:`),
      ...terms.map(({ name, text }) => line(`  ${name}: ${text}`)),
      line(`  plan: ${hash}`),
    ],
    answer: {
      by: "choice",
      choices: [
        { label: "No: do nothing with it", act: { do: "nothing" } },
        {
          label: "Agree, and go on with it from this machine",
          act: { do: "ask", request: { request: "agree", hash, by: user }, said: "agreed: taking the run up" },
        },
      ],
      index: 0,
    },
  };
}

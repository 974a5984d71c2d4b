// npm run record: plays the runs of the frames and pictures on the lab and writes what the engine said to test/frames/recorded/.
// npm run record -- NAME… plays some of them.
import { mkdirSync } from "node:fs";
import type { LabSetup } from "crossfade-lab/lab.ts";
import type { Stage } from "crossfade-lab/scenarios/scenario.ts";
import { scenarioCalled } from "crossfade-lab/scenarios.ts";
import type { EngineEvent } from "../src/engine/model/events.ts";
import type { World } from "../test/support/lab/lab-run.ts";
import { type Recording, record } from "../test/support/lab/recorder.ts";
import type { RecordingName } from "../test/support/panel/recording.ts";

const cluster = { nodes: 6, pods: 27, seed: 7 } as const satisfies Partial<LabSetup>;

const asks = (consent: string) => (event: EngineEvent) => event.type === "consent-asked" && event.consent === consent;
const misbehave = ({ lab }: World, scenario: string): void => scenarioCalled(scenario).begin(lab as unknown as Stage);

const recordings: Readonly<Record<RecordingName, Recording>> = {
  plan: {
    setup: cluster,
    async play({ at, pass }) {
      await at(asks("nodes"));
      await pass(20_000);
    },
  },
  blocked: {
    setup: cluster,
    prepare(world) {
      for (const name of ["bare-pod", "data-in-empty-dir"]) misbehave(world, name);
    },
    async play({ when, pass }) {
      await when(({ plan, hold, link }) => plan !== null && hold !== null && link.state === "live");
      await pass(2_000);
    },
  },
};

const wanted = process.argv.slice(2);
const folder = new URL("../test/frames/recorded/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, recording] of Object.entries(recordings)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const began = Date.now();
  const bytes = await record(new URL(`${name}.jsonl`, folder), recording);
  console.log(`${name}: ${Math.round(bytes / 1024)} KiB in ${Math.round((Date.now() - began) / 1000)} s`);
}

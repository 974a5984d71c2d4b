import { mkdirSync, writeFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import headless from "@xterm/headless";
import { cellsOf } from "../src/screen/cells.ts";
import { diffFrames } from "../src/screen/diff.ts";
import { aStore, drawn, type, withoutSpinner } from "../test/support/panel/panel.tsx";
import { type StateName, states } from "../test/support/panel/states.ts";
import { terminalSvg } from "./terminal-svg.ts";

interface Shot {
  readonly state: StateName;
  readonly keys: readonly string[];
  readonly size: readonly [columns: number, rows: number];
  readonly title: string;
}

/** File in docs/images → what is shown on it. */
const shots: Readonly<Record<string, Shot>> = {
  "panel.svg": {
    state: "draining-held",
    keys: ["j"],
    size: [120, 40],
    title: "A node is drained; a disruption budget holds one pod, and the panel says so",
  },
  "panel-80x24.svg": {
    state: "paused",
    keys: ["j", "j"],
    size: [80, 24],
    title: "The whole panel in 80 columns and 24 rows",
  },
  "plan.svg": { state: "consent-nodes", keys: [], size: [100, 40], title: "The plan, before anything is moved" },
  "point-of-no-return.svg": {
    state: "remove-source-asked",
    keys: ["m", "p", "r", "o", "d"],
    size: [100, 26],
    title: "The point of no return is confirmed by typing the cluster's name",
  },
};

async function picture({ state, keys, size, title }: Shot): Promise<string> {
  const [columns, rows] = size;
  const panel = aStore(states[state](), { columns, rows });
  const screen = drawn(panel.store);
  for (const key of keys) {
    type(panel, key);
    await setImmediate();
  }
  const frame = withoutSpinner(screen.styled())
    .split("\n")
    .map((line) => cellsOf(line, columns));
  screen.end();
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(diffFrames(null, frame, columns), resolve));
  const svg = terminalSvg(terminal, title);
  terminal.dispose();
  return svg;
}

/** The README's pictures: the running panel on recorded states, through a terminal emulator. */
export async function renderPictures(): Promise<ReadonlyMap<string, string>> {
  const pictures = new Map<string, string>();
  for (const [file, shot] of Object.entries(shots)) pictures.set(file, await picture(shot));
  return pictures;
}

/** Writes them to the folder. */
export async function writePictures(folder: URL): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [file, svg] of await renderPictures()) writeFileSync(new URL(file, folder), svg);
}

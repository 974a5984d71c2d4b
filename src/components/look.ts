import type { Line, Span, Tone } from "../store/text/line.ts";

/** How the terminal at hand is drawn to. */
export interface Look {
  readonly colour: boolean;
  readonly ascii: boolean;
}

/** Only the sixteen names: they follow the operator's own palette, light or dark. */
const colours: Readonly<Record<Tone, string>> = {
  plain: "",
  quiet: "2",
  strong: "1",
  title: "1",
  good: "32",
  bad: "1;31",
  warn: "33",
  busy: "94",
  source: "35",
  cilium: "36",
  key: "1;36",
  alarm: "1;31",
};

/** NO_COLOR: weight and inversion stay, since they are no colours. */
const weights: Readonly<Record<Tone, string>> = {
  plain: "",
  quiet: "2",
  strong: "1",
  title: "1",
  good: "",
  bad: "1",
  warn: "",
  busy: "",
  source: "",
  cilium: "",
  key: "1",
  alarm: "1",
};

const asciiFor: Readonly<Record<string, string>> = {
  "…": "~",
  "→": ">",
  "←": "<",
  "↑": "^",
  "↓": "v",
  "—": "-",
  "–": "-",
  "·": "-",
};

const foreign = /[^\x20-\x7e]/gu;

const codeOf = ({ tone, inverse }: Span, { colour }: Look): string =>
  [inverse ? "7" : "", (colour ? colours : weights)[tone]].filter((code) => code !== "").join(";");

/** One line as text with style sequences; Ink keeps them and the writer cuts them into cells. */
export function paint(line: Line, look: Look): string {
  return line
    .map((piece) => {
      const text = look.ascii ? piece.text.replace(foreign, (sign) => asciiFor[sign] ?? "?") : piece.text;
      const code = codeOf(piece, look);
      return code === "" || text === "" ? text : `\x1b[${code}m${text}\x1b[0m`;
    })
    .join("");
}

/** What the environment asks for: NO_COLOR wins over all but FORCE_COLOR, as Node itself decides. */
export function lookFor(env: Readonly<Record<string, string | undefined>>, ascii: boolean): Look {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  const refused = Boolean(env.NO_COLOR) || env.TERM === "dumb" || env.FORCE_COLOR === "0";
  return { colour: forced || !refused, ascii };
}

/** Written as a name, so that expressions stay readable and no control character hides in the source. */
const esc = "\u001b";
const bell = "\u0007";

/** One style sequence (its parameters in group 1), any other sequence, or a lone control character. */
export const anySequence = new RegExp(
  [
    String.raw`${esc}\[([\d;:]*)m`,
    String.raw`${esc}\][^${bell}${esc}]*(?:${bell}|${esc}\\)`,
    String.raw`${esc}\[[0-?]*[ -/]*[@-~]`,
    String.raw`\p{Cc}`,
  ].join("|"),
  "gu",
);

/** Only style sequences. */
export const styleSequence = new RegExp(String.raw`${esc}\[[\d;:]*m`, "g");

/** Nothing but terminal modes: not a frame. */
export const modesOnly = new RegExp(String.raw`^(?:${esc}\[\?[\d;]*[hl])+$`);

/** A complete CSI or SS3 sequence at the beginning of the text, with the forms of the Linux console and of rxvt. */
export const keySequence = new RegExp(String.raw`^${esc}(?:\[(?:\[[A-E]|[235-8]\$|[0-?]*[ -#%-/]*[@-~])|O[\d;]*[@-~])`);

/** The whole text may be the beginning of a sequence. */
export const unfinishedSequence = new RegExp(String.raw`^${esc}(?:\[[0-?]*[ -/]*|\[\[|O[\d;]*)?$`);

/**
 * What the panel asks of the terminal while it is shown: the alternate screen, a hidden cursor, no wrapping at the
 * right edge (a wide character that was measured wrongly must not shift the rows below), and pastes told apart.
 */
export const enterScreen = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[m\x1b[2J";

/** Everything back as it was, in reverse. Safe to send twice. */
export const leaveScreen = "\x1b[?2026l\x1b[m\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l";

/** A synchronized update: terminals that know it show the frame at once, others ignore the marks. */
export const beginUpdate = "\x1b[?2026h";
export const endUpdate = "\x1b[?2026l";

/** OSC 52: hands text to the terminal's clipboard. */
export const copySequence = (text: string): string => `\x1b]52;c;${Buffer.from(text, "utf8").toString("base64")}\x07`;

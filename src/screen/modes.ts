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

/** The title that the terminal had goes on its stack, and comes back from there; one without a stack gets none. */
export const saveTitle = "\x1b[22;2t";
export const restoreTitle = "\x1b]2;\x07\x1b[23;2t";

/** OSC 2. The text is without control characters. */
export const titleSequence = (text: string): string => `\x1b]2;${text}\x07`;

export const bell = "\x07";

/** OSC 9: a notification of the desktop. The text is without control characters. */
export const notificationSequence = (text: string): string => `\x1b]9;${text}\x07`;

/** OSC 52: hands text to the terminal's clipboard. */
export const copySequence = (text: string): string => `\x1b]52;c;${Buffer.from(text, "utf8").toString("base64")}\x07`;

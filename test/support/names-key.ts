/** A key, as texts name it: of the panel's keys all that change something. */
export const namesKey =
  /press [a-zA-Z]\b|\([a-zA-Z] (retries|leaves)|, [uU] undoes|\b[rs] (moves|leaves) it|space and m|U to undo|\([A-Z]\)|\bP \(|with q\b|\bkey b\b/;

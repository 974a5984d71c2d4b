/** Which of the two: beside the source, or in charge of every node. */
export type ValuesPhase = "initial" | "final";

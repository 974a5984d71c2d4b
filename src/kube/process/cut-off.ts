/** Exit code of a kept command that was ended because its engine might not write any more. */
export const cutOffCode = 175;

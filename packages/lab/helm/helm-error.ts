/** Ends helm with exit code 1 and this after "Error: ". */
export class HelmError extends Error {
  override readonly name = "HelmError";
}

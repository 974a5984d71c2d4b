/** Major and minor of a Cilium image; the newest the lab knows when the tag says nothing. */
export interface CiliumVersion {
  readonly text: string;
  readonly minor: number;
}

export function versionOf(image: string): CiliumVersion {
  const found = /:v?(\d+\.(\d+)\.\d+[^@]*)/.exec(image);
  return { text: found?.[1] ?? "1.20.0", minor: Number(found?.[2] ?? 20) };
}

import { type Cidr, contains, covers, overlaps, parseCidr } from "../net/cidr.ts";

/** A block of addresses without some of them. */
export interface Block {
  readonly cidr: string;
  readonly except: readonly string[];
}

const parsed = (texts: readonly string[]): readonly Cidr[] => texts.flatMap((text) => parseCidr(text) ?? []);

/** Those of these ranges of which a block holds at least some addresses. */
export function rangesCovered({ cidr, except }: Block, ranges: readonly string[]): readonly string[] {
  const block = parseCidr(cidr);
  if (block === null) return [];
  const without = parsed(except);
  return ranges.filter((text) => {
    const range = parseCidr(text);
    if (range === null || !overlaps(block, range)) return false;
    const held = covers(block, range) ? range : block;
    return !without.some((one) => covers(one, held));
  });
}

/** Those of these addresses that a block holds. */
export const addressesCovered = ({ cidr, except }: Block, addresses: readonly string[]): readonly string[] =>
  addresses.filter((address) => contains(cidr, address) && !except.some((one) => contains(one, address)));

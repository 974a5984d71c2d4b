/** One field as it stands on the wire: a number for varints, else its bytes. */
export interface RawField {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/** The body is not the protobuf that it says it is. */
class BrokenWire extends Error {
  override readonly name = "BrokenWire";
}

/** Walks the fields of a protobuf message in the order in which they were sent. */
export function* readFields(bytes: Buffer): Generator<RawField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new BrokenWire("a number ends early");
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new BrokenWire("a number has no end");
  };
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new BrokenWire("a field ends early");
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    const kind = Number(tag & 7n);
    if (kind === 0) yield { number, value: varint() };
    else if (kind === 1) yield { number, value: take(8) };
    else if (kind === 2) yield { number, value: take(Number(varint())) };
    else if (kind === 5) yield { number, value: take(4) };
    else throw new BrokenWire(`wire type ${kind} is not used by Kubernetes`);
  }
}

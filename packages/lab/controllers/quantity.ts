const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A resource.Quantity ("250m", "1Gi", 2) as a number; 0 for what is none. */
export function quantity(value: string | number | undefined): number {
  if (typeof value !== "string") return value ?? 0;
  const known = parsed.get(value);
  if (known !== undefined) return known;
  const number = parse(value);
  if (parsed.size < rememberedTexts) parsed.set(value, number);
  return number;
}

/** The scheduler asks for the same few texts millions of times. */
const parsed = new Map<string, number>();
const rememberedTexts = 1_000;

function parse(value: string): number {
  const [, digits, suffix = ""] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(value) ?? [];
  return Number(digits ?? 0) * (suffixes[suffix] ?? 0);
}

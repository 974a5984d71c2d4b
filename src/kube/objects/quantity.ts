const suffixes: Readonly<Record<string, number>> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
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

/** A Kubernetes quantity ("250m", "1.5Gi", "2e3", 4) as a number; what cannot be read is 0. */
export function quantity(value: unknown): number {
  if (typeof value === "number") return Number.isFinite(value) ? value : 0;
  if (typeof value !== "string") return 0;
  const match = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(value.trim());
  const factor = suffixes[match?.[2] ?? ""];
  const amount = Number(match?.[1]);
  return match === null || factor === undefined || !Number.isFinite(amount) ? 0 : amount * factor;
}

export function milliCpus(value: unknown): number {
  return Math.round(quantity(value) * 1000);
}

export function wholeBytes(value: unknown): number {
  return Math.round(quantity(value));
}

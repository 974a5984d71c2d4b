import type { Key } from "ink";

const named: readonly (readonly [keyof Key, string])[] = [
  ["upArrow", "up"],
  ["downArrow", "down"],
  ["leftArrow", "left"],
  ["rightArrow", "right"],
  ["pageUp", "pageup"],
  ["pageDown", "pagedown"],
  ["home", "home"],
  ["end", "end"],
  ["return", "enter"],
  ["escape", "esc"],
  ["backspace", "backspace"],
  ["delete", "delete"],
];

/** Ink's key as the bindings spell it; null for keys that mean nothing here. */
export function keyName(input: string, key: Key): string | null {
  if (key.tab) return key.shift ? "shift-tab" : "tab";
  for (const [flag, name] of named) if (key[flag]) return name;
  if (key.ctrl) return input === "" ? null : `ctrl-${input.toLowerCase()}`;
  if (key.meta || input === "") return null;
  return input === " " ? "space" : input;
}

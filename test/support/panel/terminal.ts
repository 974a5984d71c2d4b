import { type IPty, spawn } from "@lydell/node-pty";
import headless from "@xterm/headless";
import { dialogGuardMs } from "../../../src/store/dialogs/answer.ts";
import { afterRest, patienceMs } from "../patience.ts";

const sequences: Readonly<Record<string, string>> = {
  enter: "\r",
  esc: "\x1b",
  tab: "\t",
  "shift-tab": "\x1b[Z",
  space: " ",
  up: "\x1b[A",
  down: "\x1b[B",
  right: "\x1b[C",
  left: "\x1b[D",
  pagedown: "\x1b[6~",
  pageup: "\x1b[5~",
  backspace: "\x7f",
  "ctrl-c": "\x03",
  "ctrl-l": "\x0c",
  "ctrl-u": "\x15",
  "ctrl-z": "\x1a",
};

export interface TerminalOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  readonly cwd: string;
  readonly columns: number;
  readonly rows: number;
}

/** What `until` waits for: a text, a pattern, or a question to the screen's text. */
export type Sight = string | RegExp | ((screen: string) => boolean);

const meets = (sight: Sight, screen: string): boolean => {
  if (typeof sight === "string") return screen.includes(sight);
  return sight instanceof RegExp ? sight.test(screen) : sight(screen);
};

/** A program in a pseudo-terminal, and the screen that its bytes draw. */
export class Terminal {
  readonly #pty: IPty;
  readonly #emulator: InstanceType<typeof headless.Terminal>;
  readonly #watchers = new Set<() => void>();
  readonly #exited: Promise<number>;
  #code: number | null = null;
  /** Everything that the program wrote. */
  raw = "";

  constructor({ file, args, env, cwd, columns, rows }: TerminalOptions) {
    this.#emulator = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.#pty = spawn(file, [...args], { cols: columns, rows, cwd, env });
    this.#pty.onData((data) => {
      this.raw += data;
      this.#emulator.write(data, () => this.#look());
    });
    // As a real terminal would, it answers what the program asks of it.
    this.#emulator.onData((answer) => this.#pty.write(answer));
    this.#exited = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        this.#code = signal ? 128 + signal : exitCode;
        this.#emulator.write("", () => {
          this.#look();
          resolve(this.#code ?? 0);
        });
      });
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** True while the program has the alternate screen. */
  get alternate(): boolean {
    return this.#emulator.buffer.active.type === "alternate";
  }

  /** The rows of the screen, without the blanks at their ends. */
  rows(): readonly string[] {
    const buffer = this.#emulator.buffer.active;
    return Array.from(
      { length: this.#emulator.rows },
      (_, row) => buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? "",
    );
  }

  text(): string {
    return this.rows().join("\n");
  }

  /** The row that holds this text, or nothing. */
  row(text: string): string {
    return this.rows().find((row) => row.includes(text)) ?? "";
  }

  /** Styles in use anywhere on the screen. */
  styles(): { readonly coloured: boolean; readonly inverse: boolean; readonly bold: boolean } {
    const buffer = this.#emulator.buffer.active;
    const found = { coloured: false, inverse: false, bold: false };
    for (let row = 0; row < this.#emulator.rows; row++) {
      const line = buffer.getLine(buffer.baseY + row);
      for (let column = 0; column < this.#emulator.cols; column++) {
        const cell = line?.getCell(column);
        if (!cell) continue;
        found.coloured ||= !cell.isFgDefault() || !cell.isBgDefault();
        found.inverse ||= cell.isInverse() !== 0;
        found.bold ||= cell.isBold() !== 0;
      }
    }
    return found;
  }

  #look(): void {
    for (const watcher of this.#watchers) watcher();
  }

  /** Looks again each time the emulator has drawn, and never otherwise; the limit only ends a wait in vain. */
  until(sight: Sight, withinMs = patienceMs): Promise<string> {
    return new Promise((resolve, reject) => {
      const done = () => {
        callOff();
        this.#watchers.delete(look);
      };
      const look = () => {
        if (!meets(sight, this.text())) return;
        done();
        resolve(this.text());
      };
      const callOff = afterRest(withinMs, () => {
        done();
        reject(new Error(this.#inVain(String(sight))));
      });
      this.#watchers.add(look);
      look();
    });
  }

  #inVain(what: string): string {
    const end = this.#code === null ? "" : ` (the program ended with ${this.#code})`;
    return `waited in vain for ${what}${end}; the screen:\n${this.text()}`;
  }

  /** Each key as a read of its own is only certain where the screen is waited for in between. */
  press(...keys: readonly string[]): void {
    this.write(keys.map((key) => sequences[key] ?? key).join(""));
  }

  write(bytes: string): void {
    this.#pty.write(bytes);
  }

  /** Types letter by letter, each once the one before is on the screen. */
  async type(text: string, shown: (typed: string) => string = (typed) => `> ${typed}_`): Promise<void> {
    for (let length = 1; length <= text.length; length++) {
      this.write(text[length - 1] ?? "");
      await this.until(shown(text.slice(0, length)));
    }
  }

  /** A dialog hears nothing at first, so that no key meant for something else answers it: a person needs longer. */
  async dialog(title: string): Promise<void> {
    await this.until(title);
    await new Promise((resolve) => setTimeout(resolve, dialogGuardMs));
  }

  /** Opens a dialog, goes to the choice, and answers. */
  async choose({ key, title, choice }: { key: string; title: string; choice: string }): Promise<void> {
    this.press(key);
    await this.dialog(`─ ${title}`);
    const at = this.#choices().findIndex((one) => one.includes(choice));
    if (at < 0) throw new Error(this.#inVain(`the choice ${choice}`));
    this.press(String(at + 1));
    await this.until((screen) => screen.includes(`❯ ${choice}`));
    await this.readOn();
    this.press("enter");
    await this.until((screen) => !screen.includes(`─ ${title}`));
  }

  /** A dialog that does not fit is agreed to only when it was on the screen to its end. */
  async readOn(): Promise<void> {
    for (let more = this.#more(); more !== undefined; more = this.#more()) {
      const seen = more;
      this.press("pagedown");
      await this.until(() => this.#more() !== seen);
    }
  }

  #more(): string | undefined {
    return this.rows().find((row) => row.includes("PgDn reads on"));
  }

  #choices(): readonly string[] {
    const rows = this.rows().filter((row) => /[│|]\s.*[│|]/.test(row));
    const first = rows.findIndex((row) => /[│|] ❯ /.test(row));
    return first < 0 ? [] : rows.slice(first);
  }

  resize(columns: number, rows: number): void {
    this.#emulator.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  /** Nobody reads what the program writes: its terminal's buffer fills up. */
  stall(): void {
    this.#pty.pause();
  }

  goOn(): void {
    this.#pty.resume();
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.#pty.pid, name);
  }

  /** What a dropped connection does: the other side of the terminal is closed. */
  hangUp(): void {
    (this.#pty as unknown as { destroy(): void }).destroy();
  }

  /** The exit code; 128 and the signal's number where a signal ended it. */
  async exit(withinMs = patienceMs): Promise<number> {
    const limit = Promise.withResolvers<never>();
    const callOff = afterRest(withinMs, () => limit.reject(new Error(this.#inVain("its end"))));
    try {
      return await Promise.race([this.#exited, limit.promise]);
    } finally {
      callOff();
    }
  }

  end(): void {
    if (this.#code === null) {
      try {
        this.#pty.kill("SIGKILL");
      } catch {
        // It ended by itself just now.
      }
    }
    this.#emulator.dispose();
  }
}

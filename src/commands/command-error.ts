import { CrossfadeError } from "../engine/model/errors.ts";
import { reason } from "../engine/model/reason.ts";
import type { FailureCode } from "../engine/model/reasons/failure-code.ts";

/** A command refuses: commands are at the edge, where sentences are written. Never thrown by engine or adapters. */
export class CommandError extends CrossfadeError {
  readonly remedy: string;

  constructor(code: FailureCode, message: string, remedy: string, options?: ErrorOptions) {
    super(code, reason("command-refused", { message, remedy }), options);
    this.message = message;
    this.remedy = remedy;
  }
}

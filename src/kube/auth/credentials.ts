import type { LinkSettings } from "../client/link-settings.ts";

/** Who we are to the API server; asked before each request, so tokens may change while we run. */
export interface Credentials {
  current(): Promise<LinkSettings>;
  /** After a 401: forget what was cached. False when there is nothing that could change. */
  refresh(): Promise<boolean>;
}

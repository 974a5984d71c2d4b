import { type Check, ok, warning } from "../check.ts";

/** Whoever stands between us and an API server that is not proven can read the credentials and answer as it likes. */
export const apiConnection: Check = {
  id: "api-connection",
  check({ facts: { server, tls } }) {
    if (tls === "verified") return ok();
    return warning(tls === "none" ? "api-without-tls" : "api-unverified", { server }, [server]);
  },
};

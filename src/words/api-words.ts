import type { ApiTls } from "../engine/model/cluster/api-tls.ts";

/** What it means that an API server does not prove who it is, by how it is asked. */
export const unprovenApiWords: Readonly<Record<Exclude<ApiTls, "verified">, (server: string) => string>> = {
  none: (server) =>
    `${server} is contacted without TLS: anyone on the network path can read the credentials and answer in its place`,
  unverified: (server) =>
    `The certificate of ${server} is not verified (insecure-skip-tls-verify): anyone on the network path can answer in its place`,
};

import { readFileSync } from "node:fs";

/** The prober's source, for the ConfigMap that its pods mount. The build copies it beside the bundle. */
export const proberProgram = (): string => readFileSync(new URL("./prober.pl", import.meta.url), "utf8");

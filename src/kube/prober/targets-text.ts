import type { ProberTarget } from "../../engine/model/probing/prober-target.ts";

/** The file that the prober reads. */
export function targetsText(generation: string, targets: readonly ProberTarget[]): string {
  const lines = targets.map(({ kind, id, ip, port, sizeBytes, answerPort, path, name }) =>
    [
      kind,
      id,
      ip,
      port,
      ...(sizeBytes > 0 ? [`size=${sizeBytes}`] : []),
      ...(answerPort === undefined ? [] : [`answer=${answerPort}`]),
      ...(path === undefined ? [] : [`path=${path}`]),
      ...(name === undefined ? [] : [`name=${name}`]),
    ].join(" "),
  );
  return [`gen ${generation}`, ...lines, ""].join("\n");
}

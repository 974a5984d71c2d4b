import { ApiError, type ApiStatus, badRequest } from "../../store/api-error.ts";
import { type Answer, json } from "../serve/answer.ts";
import { type Call, targetOf } from "../serve/call.ts";
import { stepInto } from "../serve/step-into.ts";
import { isDryRun, objectBody } from "../write.ts";
import type { EvictionBody } from "./evict.ts";
import { logAnswer } from "./log.ts";
import { containerTarget } from "./pod-target.ts";

type Serve = (call: Call) => Answer | Promise<Answer>;

/** "METHOD subresource" of pods; status is no different from that of other kinds. */
export const podSubresources: Readonly<Record<string, Serve>> = {
  "GET log": logAnswer,
  "POST eviction": evictionAnswer,
  "POST binding": bindingAnswer,
  "GET exec": needsWebSocket,
  "POST exec": needsWebSocket,
  "GET attach": notInTheLab,
  "POST attach": notInTheLab,
  "GET portforward": notInTheLab,
  "POST portforward": notInTheLab,
};

async function evictionAnswer(call: Call): Promise<Answer> {
  const body = (await objectBody(call)) as unknown as EvictionBody;
  const name = stepInto(body, ["metadata", "name"]) || call.name;
  if (name !== call.name) throw badRequest("name in URL does not match name in Eviction object");
  const dryRun = isDryRun([...call.query.getAll("dryRun"), ...(body.deleteOptions?.dryRun ?? [])]);
  const eviction = dryRun ? { ...body, deleteOptions: { ...body.deleteOptions, dryRun: ["All"] } } : body;
  const status = call.world.evict(call.namespace ?? "", call.name ?? "", eviction);
  if (status.status === "Success") return json(status, 201);
  throw refusalOf(status);
}

const refusalOf = ({ code, reason = "", message = "", details }: ApiStatus) =>
  new ApiError(code, reason, message, details);

async function bindingAnswer(call: Call): Promise<Answer> {
  const body = await objectBody(call);
  const node = stepInto(body, ["target", "name"]);
  if (typeof node !== "string" || node === "") throw badRequest("target.name: Required value");
  const uid = body.metadata?.uid;
  if (isDryRun(call.query.getAll("dryRun"))) call.world.store.read(targetOf(call));
  else call.world.store.bind(call.namespace ?? "", call.name ?? "", node, ...(uid ? [uid] : []));
  return json({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 }, 201);
}

function needsWebSocket(call: Call): Answer {
  containerTarget(call);
  const how = "ask for an upgrade to WebSocket with v5.channel.k8s.io (kubectl 1.31 and later do)";
  throw new ApiError(400, "BadRequest", `exec in the embedded cluster does not speak SPDY: ${how}`);
}

/** 501 of what would need a real process behind the pod. */
export function notInTheLab({ subresource }: Call): never {
  throw new ApiError(
    501,
    "NotImplemented",
    `${subresource} is not possible in the embedded cluster: no real process runs there`,
  );
}

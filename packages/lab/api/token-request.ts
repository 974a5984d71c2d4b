import { type Answer, json } from "./serve/answer.ts";
import { type Call, targetOf } from "./serve/call.ts";
import { stepInto } from "./serve/step-into.ts";
import { objectBody } from "./write.ts";

/** POST serviceaccounts/NAME/token: a token by which its account may ask. */
export async function tokenAnswer(call: Call): Promise<Answer> {
  const { world, namespace, name } = call;
  const account = world.store.read(targetOf(call));
  const body = await objectBody(call);
  const wanted = Number(stepInto(body.spec, ["expirationSeconds"]) ?? 3600);
  const now = world.clock.now();
  const claims = {
    iss: "https://kubernetes.default.svc.cluster.local",
    sub: `system:serviceaccount:${namespace}:${name}`,
    aud: stepInto(body.spec, ["audiences"]) ?? ["https://kubernetes.default.svc.cluster.local"],
    iat: Math.floor(now / 1000),
    uid: account.metadata.uid ?? "",
    exp: Math.floor(now / 1000) + wanted,
  };
  const expirationTimestamp = `${new Date(claims.exp * 1000).toISOString().slice(0, 19)}Z`;
  const spec = { ...(body.spec as object), audiences: claims.aud, expirationSeconds: wanted };
  const status = { token: world.users.accounts.seal(claims), expirationTimestamp };
  return json(
    { kind: "TokenRequest", apiVersion: "authentication.k8s.io/v1", metadata: account.metadata, spec, status },
    201,
  );
}

import type { KubeObject } from "../../objects.ts";
import { badRequest } from "../api-error.ts";
import type { Faults } from "../faults.ts";
import { at, byDefault, isTree, type Tree } from "../json-tree.ts";
import type { Change, KindRules } from "./kind-rules.ts";
import { checkSyntax, configKey } from "./names.ts";

/** All values of one ConfigMap or Secret. */
const dataLimit = 1_048_576;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function validateData(object: KubeObject, faults: Faults): void {
  let bytes = 0;
  for (const field of ["data", "binaryData"]) {
    const data = object[field];
    if (!isTree(data)) continue;
    for (const [key, value] of Object.entries(data)) {
      checkSyntax(`${field}[${key}]`, key, configKey, faults);
      bytes += Buffer.byteLength(String(value));
    }
  }
  if (bytes > dataLimit) faults.tooLong("data", dataLimit);
}

function staysImmutable({ fresh, old }: Change, faults: Faults): void {
  if (old.immutable !== true) return;
  if (fresh.immutable !== true) faults.forbidden("immutable", "field is immutable when `immutable` is set");
  for (const field of ["data", "binaryData"]) {
    if (fresh[field] !== old[field]) faults.forbidden(field, "field is immutable when `immutable` is set");
  }
}

function checkText(object: KubeObject): void {
  const data = object.data;
  if (!isTree(data)) return;
  const wrong = Object.values(data).find((value) => typeof value !== "string");
  if (wrong !== undefined) {
    throw badRequest(
      `${object.kind} in version "v1" cannot be handled as a ${object.kind}: json: cannot unmarshal ${typeof wrong} ` +
        `into Go struct field ${object.kind}.data of type string`,
    );
  }
}

/** v1 ConfigMap. */
export const configMapRules: KindRules = {
  defaults: checkText,
  validate: validateData,
  validateUpdate: staysImmutable,
};

/** stringData is write-only: it ends in data, encoded. */
function encodeSecret(secret: KubeObject): void {
  byDefault(secret, "type", "Opaque");
  if (isTree(secret.stringData)) {
    const data: Tree = isTree(secret.data) ? { ...secret.data } : {};
    for (const [key, value] of Object.entries(secret.stringData)) {
      data[key] = Buffer.from(String(value)).toString("base64");
    }
    secret.data = data;
  }
  delete secret.stringData;
  checkText(secret);
  const broken = Object.entries(isTree(secret.data) ? secret.data : {}).find(
    ([, value]) => !base64.test(String(value)),
  );
  if (broken) {
    throw badRequest(`Secret in version "v1" cannot be handled as a Secret: illegal base64 data in data[${broken[0]}]`);
  }
}

/** v1 Secret. */
export const secretRules: KindRules = {
  defaults: encodeSecret,
  validate: validateData,
  validateUpdate(change, faults) {
    staysImmutable(change, faults);
    faults.immutable("type", at(change.fresh, "type"), at(change.old, "type"));
  },
};

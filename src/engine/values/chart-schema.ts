import type { JsonObject } from "../model/plan-types.ts";
import { isObject } from "./merge.ts";
import { nearest } from "./nearest.ts";
import { removedValues } from "./rules.ts";

/** Names that the chart's schema does not have, told apart. */
export interface KeyFindings {
  readonly refused: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Maps whose names are Kubernetes' or the operator's: of these the schema, which is made from the chart's defaults, only has
 * what the defaults happen to say.
 */
const notTheCharts = /(affinity|selector|resources|securityContext|strategy|labels|annotations|tolerations|probe)$/i;

/** What the schema lists below a value; null where it leaves the names open. */
function namesIn(schema: JsonObject): JsonObject | null {
  const { properties, additionalProperties } = schema;
  const open = additionalProperties === true || isObject(additionalProperties) || isObject(schema["patternProperties"]);
  return !open && isObject(properties) && Object.keys(properties).length > 0 ? properties : null;
}

interface Unknown {
  readonly path: string;
  /** The known name that was most likely meant. */
  readonly meant: string | null;
}

function unknownBelow(user: JsonObject, schema: JsonObject, above: string): readonly Unknown[] {
  const names = namesIn(schema);
  if (names === null) return [];
  return Object.entries(user).flatMap(([key, value]) => {
    const path = `${above}${key}`;
    const below = Object.hasOwn(names, key) ? names[key] : undefined;
    if (below === undefined) {
      const meant = nearest(key, Object.keys(names));
      return Object.hasOwn(removedValues, path) ? [] : [{ path, meant: meant === null ? null : `${above}${meant}` }];
    }
    const isTheCharts = isObject(value) && isObject(below) && !notTheCharts.test(key);
    return isTheCharts ? unknownBelow(value, below, `${path}.`) : [];
  });
}

/** A near miss is a typing error and is refused; the rest is said: helm passes over what the chart does not know. */
export function unknownKeys(user: JsonObject, schema: JsonObject): KeyFindings {
  const refused: string[] = [];
  const warnings: string[] = [];
  for (const { path, meant } of unknownBelow(user, schema, "")) {
    if (meant === null) warnings.push(`${path} is no value that the chart's schema has`);
    else refused.push(`${path} is no value of the chart: did you mean ${meant}?`);
  }
  return { refused, warnings };
}

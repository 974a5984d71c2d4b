import * as v from "valibot";
import { nodeSteps, type RollbackStepId, rollbackNodeSteps, type StepId } from "../../engine/model/node-state.ts";
import {
  type ByStep,
  isRollbackSourceStep,
  isSourceStep,
  type PlannedSourceStep,
  type RollbackSourceStepId,
  type SourceStepId,
  sourceStepPlaces,
} from "../../engine/model/plan/source-steps.ts";
import { type RollbackRunStepId, type RunStepId, rollbackRunSteps, runSteps } from "../../engine/model/plan-types.ts";
import { agreeing, listOf, mapByKeys, objectOf, oneOf, type SchemaOf, unknownWord } from "./schema-parts.ts";

/** The id of a known step, or of one that a source may have: which of these it has is told when its plan is taken up. */
const stepOf = <T extends string>(known: readonly string[], isOfSource: (id: string) => boolean) =>
  v.custom<T>((id) => typeof id === "string" && (known.includes(id) || isOfSource(id)), unknownWord);

export const nodeStep = stepOf<StepId>(nodeSteps, isSourceStep);
export const rollbackNodeStep = stepOf<RollbackStepId>(rollbackNodeSteps, isRollbackSourceStep);
export const anyNodeStep = v.union([nodeStep, rollbackNodeStep], unknownWord);
export const runStep = stepOf<RunStepId>(runSteps, isSourceStep);

const ofRun: readonly string[] = [...runSteps, ...rollbackRunSteps];
const isOfRun = (id: string): boolean => ofRun.includes(id) || isSourceStep(id) || isRollbackSourceStep(id);

/** Something by steps of the run and of its rollback. */
export const byRunStep = <T>(schema: SchemaOf<T>) =>
  mapByKeys<ByStep<RunStepId | RollbackRunStepId, T>>(isOfRun, schema);

const { run, node, rollbackNode, rollbackRun } = sourceStepPlaces;

/** A plan's steps of its source, each in a list in which such a step may be. */
export const sourceSteps = agreeing<readonly PlannedSourceStep[]>()(
  listOf(
    v.union(
      [
        objectOf({ id: stepOf<SourceStepId>([], isSourceStep), before: oneOf([...run, ...node]) }),
        objectOf({
          id: stepOf<RollbackSourceStepId>([], isRollbackSourceStep),
          before: oneOf([...rollbackNode, ...rollbackRun]),
        }),
      ],
      "is no step of a source",
    ),
  ),
);

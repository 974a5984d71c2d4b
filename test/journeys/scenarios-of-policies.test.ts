import { test } from "vitest";
import { nightly, play, storiesOfPolicies } from "../support/lab/scenario-stories.ts";

test.each(nightly(storiesOfPolicies))("$name", play);

import { test } from "vitest";
import { nightly, play, storiesOfWorkloads } from "../support/lab/scenario-stories.ts";

test.each(nightly(storiesOfWorkloads))("$name", play);

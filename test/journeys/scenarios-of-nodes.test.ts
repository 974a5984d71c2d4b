import { test } from "vitest";
import { nightly, play, storiesOfNodes } from "../support/lab/scenario-stories.ts";

test.each(nightly(storiesOfNodes))("$name", play);

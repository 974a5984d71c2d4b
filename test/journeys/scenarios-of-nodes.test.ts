import { test } from "vitest";
import { play, storiesOfNodes } from "../support/scenario-stories.ts";

test.each(storiesOfNodes)("$name", play);

import { test } from "vitest";
import { play, played, storiesOfNodes } from "../support/lab/scenario-stories.ts";

test.each(played(storiesOfNodes))("$name", play);

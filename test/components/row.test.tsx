import { cleanup, render } from "ink-testing-library";
import { afterEach, expect, test } from "vitest";
import { lookFor } from "../../src/components/look.ts";
import { Row } from "../../src/components/row.tsx";
import { span } from "../../src/store/text/line.ts";

const look = lookFor({ NO_COLOR: "1" }, false);

afterEach(cleanup);

test.each([
  ["cut", "a name that is far too long", 8],
  ["whole", "worker-1", 12],
  ["of wide signs", "日本語のノード", 7],
])("a row that is %s has its width and no other row's", (_what, text, width) => {
  const frame = render(<Row line={[span(text)]} width={width} look={look} />).lastFrame() ?? "";
  expect(frame.split("\n")).toHaveLength(1);
  expect(frame.length).toBeLessThanOrEqual(width);
});

import { Box, render, Text, useInput } from "ink";
import { useState } from "react";
import { states } from "../../test/support/panel/states.ts";

/** The list that Ink's documentation leads to: every node a row, what does not fit is clipped. */
const names = Object.keys(states["5000-nodes"]().nodes);

function List() {
  const [selected, select] = useState(0);
  useInput((input) => {
    if (input === "j") select((row) => Math.min(names.length - 1, row + 1));
    if (input === "k") select((row) => Math.max(0, row - 1));
  });
  const rows = process.stdout.rows - 1;
  return (
    <Box flexDirection="column" height={rows} overflow="hidden">
      <Box flexDirection="column" flexShrink={0} marginTop={-Math.max(0, selected - rows + 1)}>
        {names.map((name, index) => (
          <Text key={name} inverse={index === selected}>
            {index === selected ? "> " : "  "}
            {name} queued Flannel
          </Text>
        ))}
      </Box>
    </Box>
  );
}

render(<List />, { alternateScreen: true, incrementalRendering: true, maxFps: 60 });

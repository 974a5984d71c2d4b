import { render, Text } from "ink";

/** The least that an Ink program can be. */
render(<Text>hello</Text>);
setInterval(() => undefined, 60_000);

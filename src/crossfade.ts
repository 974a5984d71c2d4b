#!/usr/bin/env node
// The file that people start: it must load on a Node too old for the rest, and say so.
import module from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `crossfade needs Node.js 22.19 or newer, and this is ${process.versions.node}: install a newer one, for example with "npx node@lts"\n`,
  );
  process.exitCode = 2;
} else {
  module.enableCompileCache();
  const { start } = await import("./cli.ts");
  await start();
}

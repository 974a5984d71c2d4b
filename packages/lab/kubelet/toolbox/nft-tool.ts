import { failed, printed, type Tool } from "./tool.ts";

/** nft list tables, nft delete table FAMILY NAME: on the machine's own tables. */
export const nft: Tool = (argv, { machine, inRootNetwork }) => {
  const [verb, object, ...name] = argv.slice(1);
  const tables = inRootNetwork ? machine.nftTables : new Map<string, string>();
  if (verb === "list" && object === "tables")
    return printed([...tables.keys()].map((table) => `table ${table}\n`).join(""));
  if (verb !== "delete" || object !== "table") return failed(1, "nft: the lab knows list tables and delete table");
  return tables.delete(name.join(" ")) ? printed("") : failed(1, "Error: No such file or directory");
};

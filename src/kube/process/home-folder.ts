import { userInfo } from "node:os";
import path from "node:path";

/**
 * Where this user is at home, or null: HOME, else what the system has of the user, who may be a container's without a name.
 * A HOME that is no absolute path would mean the folder that somebody stands in.
 */
export function homeFolder(env: Readonly<Record<string, string | undefined>>): string | null {
  const said = env["HOME"] ?? "";
  if (path.isAbsolute(said)) return said;
  try {
    const { homedir } = userInfo();
    return path.isAbsolute(homedir) ? homedir : null;
  } catch {
    return null;
  }
}

import type { IncomingMessage } from "node:http";

/** All of a message; null when the connection broke before the end. */
export async function bytesOf(message: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of message) chunks.push(chunk as Buffer);
  } catch {
    return null;
  }
  return Buffer.concat(chunks);
}

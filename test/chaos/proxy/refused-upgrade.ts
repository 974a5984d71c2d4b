/** What a server says, byte for byte, to an upgrade that it refuses. */
export const refusedUpgrade = (status: number, body: string) =>
  `HTTP/1.1 ${status} No\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;

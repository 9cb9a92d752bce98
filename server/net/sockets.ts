/** Lets websockets in: the right path, origin, token and not too many from one address, checked before the upgrade. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { hasToken, refuseForeign } from './access.ts';
import type { AccessRules } from './access.ts';
import { serveConnection } from './connection.ts';
import type { ConnectionServices } from './connection.ts';

const MAX_FRAME_BYTES = 64 * 1024;
const MAX_PER_ADDRESS = 64;
/** How long a peer may take to answer the closing handshake. */
const CLOSE_MS = 2000;

function refuse(socket: Duplex, status: string, message: string): void {
  const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n`;
  socket.end(`${head}Content-Length: ${Buffer.byteLength(message)}\r\n\r\n${message}`);
}

/** Whether the error only says that the other side is gone, as a browser is that is closed or loses its network. */
function isGone(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE';
}

/** @returns a function that says goodbye (1001) to every connection and resolves when all are gone. */
export function serveSockets(
  server: Server,
  access: AccessRules,
  services: ConnectionServices,
): () => Promise<void> {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
  });
  const perAddress = new Map<string, number>();
  let isClosing = false;

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', (error) => {
      if (!isGone(error)) services.logError(error, 'upgrade');
    });
    const address = request.socket.remoteAddress ?? 'unknown';
    const count = perAddress.get(address) ?? 0;
    if (!URL.canParse(request.url ?? '', 'http://server') || isClosing)
      return refuse(socket, isClosing ? '503 Service Unavailable' : '400 Bad Request', 'Try again later.');
    if (new URL(request.url ?? '', 'http://server').pathname !== '/ws')
      return refuse(socket, '404 Not Found', 'The websocket is at /ws.');
    const foreign = refuseForeign(request, access);
    if (foreign !== null) return refuse(socket, '403 Forbidden', foreign);
    if (!hasToken(request, access))
      return refuse(socket, '401 Unauthorized', 'Give the access token as ?token=.');
    if (count >= MAX_PER_ADDRESS)
      return refuse(socket, '429 Too Many Requests', 'Too many connections from this address.');
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
      webSocket.on('close', () => {
        const left = (perAddress.get(address) ?? 1) - 1;
        if (left === 0) perAddress.delete(address);
        else perAddress.set(address, left);
      });
      serveConnection(webSocket, services);
    });
  });

  return async () => {
    isClosing = true;
    const open = [...sockets.clients];
    await Promise.all(
      open.map(
        (webSocket) =>
          new Promise<void>((resolve) => {
            const late = setTimeout(() => webSocket.terminate(), CLOSE_MS);
            webSocket.once('close', () => {
              clearTimeout(late);
              resolve();
            });
            webSocket.close(1001, 'The server is stopping.');
          }),
      ),
    );
  };
}

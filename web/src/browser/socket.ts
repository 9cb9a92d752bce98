/** The browser's WebSocket as a session's socket. */
import type { Socket, SocketEvents } from '../state/session.ts';

/** Address of `path` on the server that the page came from, with the page's access token where it has one. */
export function serverUrl(path: string, protocol: 'http' | 'ws'): URL {
  const url = new URL(path, location.href);
  url.hash = '';
  if (protocol === 'ws') url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const token = new URLSearchParams(location.search).get('token');
  if (token !== null) url.searchParams.set('token', token);
  return url;
}

export function openSocket(events: SocketEvents): Socket {
  const socket = new WebSocket(serverUrl('/ws', 'ws'));
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => events.open());
  socket.addEventListener('message', ({ data }) => {
    if (data instanceof ArrayBuffer) events.frame(new Uint8Array(data));
  });
  socket.addEventListener('close', () => events.closed());
  return {
    send: (bytes) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
    },
    close: () => socket.close(),
  };
}

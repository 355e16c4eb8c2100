import net from 'node:net';

export interface Exchange {
  /** All that came back, as latin1. */
  readonly text: string;
  /** The other side has closed the connection. */
  readonly closed: boolean;
}

/**
 * Sends bytes on a new connection and gathers what comes back until it holds `until`, or closes.
 * `end`: nothing more is sent, and the other side is told so.
 */
export function exchange(
  port: number,
  bytes: string | Uint8Array,
  until: string | null = null,
  {
    host = '127.0.0.1',
    timeoutMs = 10_000,
    end = false,
  }: { host?: string; timeoutMs?: number; end?: boolean } = {},
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host });
    let text = '';
    const finish = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, closed });
    };
    const timer = setTimeout(() => finish(false), timeoutMs);
    socket.on('connect', () => (end ? socket.end(bytes) : socket.write(bytes)));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (until !== null && text.includes(until)) finish(false);
    });
    socket.on('error', (error) => {
      clearTimeout(timer);
      if (text === '') reject(error);
      else resolve({ text, closed: true });
    });
    socket.on('end', () => finish(true));
  });
}

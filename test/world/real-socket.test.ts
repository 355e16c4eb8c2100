import * as net from 'node:net';
import t from 'tap';
import { RealSocket, SendBuffer } from '../../src/world/real-socket.ts';
import type { Socket, SocketEvents } from '../../src/world/world.ts';

t.test('the end of one side closes both, unless the other has something to say', async (t) => {
  for (const stays of [false, true]) {
    let ended = 0;
    let text = '';
    const events = (socket: Socket): SocketEvents => ({
      data: () => {},
      closed: () => {},
      ...(stays && {
        ended: () => {
          ended++;
          socket.write(Buffer.from('last words'));
          socket.end();
        },
      }),
    });
    const server = net.createServer({ allowHalfOpen: true }, (raw) => {
      new RealSocket(new SendBuffer()).accept(raw, { ready: () => {}, accepted: events });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const raw = net.connect((server.address() as net.AddressInfo).port);
    raw.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    raw.end('x');
    await new Promise((resolve) => raw.on('close', resolve));
    t.equal(ended, stays ? 1 : 0);
    t.equal(text, stays ? 'last words' : '');
    await new Promise((resolve) => server.close(resolve));
  }
});

import * as net from 'node:net';
import t from 'tap';
import { openRealWorld } from '../../src/world/real.ts';
import type { Address, Listener, Socket, SocketEvents } from '../../src/world/world.ts';

const world = openRealWorld();

interface Peer {
  readonly socket: Socket;
  readonly chunks: Buffer[];
  readonly closed: (Error | null)[];
  drained: number;
  onData?: (chunk: Buffer) => void;
  onClosed?: (error: Error | null) => void;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function peerEvents(makePeer: () => Peer, connected?: () => void): SocketEvents {
  return {
    ...(connected === undefined ? {} : { connected }),
    data(chunk): void {
      const peer = makePeer();
      peer.chunks.push(Buffer.from(chunk));
      peer.onData?.(chunk);
    },
    drained(): void {
      makePeer().drained += 1;
    },
    closed(error): void {
      const peer = makePeer();
      peer.closed.push(error);
      peer.onClosed?.(error);
    },
  };
}

/** Two ends of one loopback connection. */
async function pair(): Promise<{ near: Peer; far: Peer; listener: Listener; at: Address }> {
  const at = { host: '127.0.0.1', port: await freePort() };
  return new Promise((resolve, reject) => {
    let far: Peer | undefined;
    let near: Peer | undefined;
    let standing = false;
    const done = (): void => {
      if (near && far && standing) resolve({ near, far, listener, at });
    };
    const listener = world.network.listen(at, {
      ready: (error) => {
        if (error) reject(error);
        const made: Peer = {
          socket: world.network.connect(
            at,
            peerEvents(
              () => made,
              () => {
                standing = true;
                done();
              },
            ),
          ),
          chunks: [],
          closed: [],
          drained: 0,
        };
        near = made;
      },
      accepted: (socket) => {
        const made: Peer = { socket, chunks: [], closed: [], drained: 0 };
        far = made;
        done();
        return peerEvents(() => made);
      },
    });
  });
}

function until(condition: () => boolean, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + 10_000;
    const look = (): void => {
      if (condition()) resolve();
      else if (Date.now() > deadline) reject(new Error(`waited too long for ${what}`));
      else setTimeout(look, 2);
    };
    look();
  });
}

function length(peer: Peer): number {
  return peer.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

t.test('an echo comes back over loopback, and both ends know their addresses', async (t) => {
  const { near, far, listener, at } = await pair();
  far.onData = (chunk): void => {
    far.socket.write(Buffer.from(chunk));
  };
  t.equal(near.socket.write(Buffer.from('hello')), true);
  await until(() => length(near) === 5, 'the echo');
  t.equal(Buffer.concat(near.chunks).toString(), 'hello');
  t.same(near.socket.remote, at);
  t.same(far.socket.local, at);
  t.same(far.socket.remote, near.socket.local);
  near.socket.destroy();
  listener.close();
  await until(() => far.closed.length === 1 && near.closed.length === 1, 'the end');
});

t.test('bytes may be changed as soon as write or writev returned true', async (t) => {
  const { near, far, listener } = await pair();
  const piece = Buffer.alloc(100);
  let kept = 0;
  for (let i = 0; i < 200; i++) {
    piece.fill(i);
    if (!(i % 2 === 0 ? near.socket.write(piece) : near.socket.writev([piece, piece]))) kept += 1;
    piece.fill(255);
  }
  t.equal(kept, 0);
  await until(() => length(far) === 30_000, 'all bytes');
  const all = Buffer.concat(far.chunks);
  let at = 0;
  let wrong = 0;
  for (let i = 0; i < 200; i++) {
    const end = at + (i % 2 === 0 ? 100 : 200);
    for (; at < end; at++) if (all[at] !== i) wrong += 1;
  }
  t.equal(wrong, 0);
  near.socket.destroy();
  listener.close();
});

t.test('what a paused reader leaves is buffered, told, and drained after resume', async (t) => {
  const { near, far, listener } = await pair();
  far.socket.pause();
  let written = 0;
  while (near.socket.write(Buffer.alloc(65_536, written & 255))) written += 1;
  written += 1;
  t.ok(near.socket.buffered > 0, 'some bytes stay');
  t.equal(near.socket.write(Buffer.alloc(10)), false);
  t.equal(near.socket.writev([Buffer.alloc(10), Buffer.alloc(10)]), false);
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.equal(near.drained, 0);
  t.equal(length(far), 0);
  far.socket.resume();
  await until(() => length(far) === written * 65_536 + 30, 'all bytes');
  await until(() => near.drained > 0, 'drained');
  t.equal(near.socket.buffered, 0);
  t.equal(near.drained, 1);
  near.socket.destroy();
  listener.close();
});

t.test('an outgoing connection can be paused too', async (t) => {
  const { near, far, listener } = await pair();
  near.socket.pause();
  far.socket.write(Buffer.from('later'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.equal(length(near), 0);
  near.socket.resume();
  await until(() => length(near) === 5, 'the bytes');
  near.socket.destroy();
  listener.close();
});

t.test('a connection paused before it stands delivers after resume only', async (t) => {
  const at = { host: '127.0.0.1', port: await freePort() };
  let text = '';
  const socket = await new Promise<Socket>((resolve) => {
    const listener = world.network.listen(at, {
      ready: () => {
        const made = world.network.connect(at, {
          connected: () => resolve(made),
          data: (chunk) => {
            text += chunk.toString('latin1');
          },
          closed() {},
        });
        made.pause();
      },
      accepted: (accepted) => {
        listener.close();
        accepted.write(Buffer.from('welcome'));
        return { data() {}, closed() {} };
      },
    });
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.equal(text, '');
  socket.resume();
  await until(() => text === 'welcome', 'the bytes');
  socket.destroy();
});

t.test('outgoing connections share a buffer and do not mix their bytes', async (t) => {
  const port = await freePort();
  const at = { host: '127.0.0.1', port };
  const texts = new Map<number, string>();
  await new Promise<void>((resolve) => {
    const listener = world.network.listen(at, {
      ready: () => {
        for (let i = 0; i < 10; i++) {
          const socket = world.network.connect(at, {
            connected: () => socket.write(Buffer.from(String(i))),
            data: (chunk) => texts.set(i, (texts.get(i) ?? '') + chunk.toString('latin1')),
            closed: () => {
              if (texts.size === 10) listener.close();
              if (texts.size === 10) resolve();
            },
          });
        }
      },
      accepted: (socket) => ({
        data: (chunk) => {
          const answer = Buffer.alloc(50_000, chunk);
          for (let k = 0; k < 5; k++) socket.write(answer);
          socket.end();
        },
        closed() {},
      }),
    });
  });
  await until(() => [...texts.values()].every((text) => text.length === 250_000), 'all bytes');
  t.ok([...texts].every(([i, text]) => text === String(i).repeat(250_000)));
});

t.test('large vectors arrive intact and in order', async (t) => {
  const { near, far, listener } = await pair();
  const pieces: Buffer[] = [];
  for (let i = 0; i < 400; i++) {
    const piece = Buffer.alloc(1 + ((i * 7919) % 60_000));
    for (let k = 0; k < piece.length; k++) piece[k] = (i * 31 + k * 17) & 255;
    pieces.push(piece);
  }
  for (let i = 0; i < pieces.length; i += 8) near.socket.writev(pieces.slice(i, i + 8));
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  await until(() => length(far) === total, 'all bytes');
  t.ok(Buffer.concat(far.chunks).equals(Buffer.concat(pieces)));
  near.socket.destroy();
  listener.close();
});

t.test('end sends what is buffered first', async (t) => {
  const { near, far, listener } = await pair();
  far.socket.pause();
  for (let i = 0; i < 100; i++) near.socket.write(Buffer.alloc(65_536));
  near.socket.end();
  far.socket.resume();
  await until(() => far.closed.length === 1 && near.closed.length === 1, 'the end');
  t.equal(length(far), 6_553_600);
  t.same([near.closed, far.closed], [[null], [null]]);
  listener.close();
});

t.test('closed comes once and last, whoever ends and however', async (t) => {
  for (const how of ['end', 'destroy', 'both', 'end after the other side']) {
    const { near, far, listener } = await pair();
    near.socket.write(Buffer.from('x'));
    await until(() => length(far) === 1, 'a byte');
    if (how === 'end' || how === 'both') near.socket.end();
    if (how === 'destroy' || how === 'both') near.socket.destroy();
    if (how === 'end after the other side') {
      far.socket.end();
      near.socket.end();
    }
    await until(() => far.closed.length === 1 && near.closed.length === 1, how);
    t.equal(near.socket.write(Buffer.from('late')), true, 'a closed socket drops bytes');
    t.equal(far.socket.writev([Buffer.from('late'), Buffer.from('r')]), true);
    near.socket.destroy();
    far.socket.end();
    await new Promise((resolve) => setTimeout(resolve, 10));
    t.same([near.closed.length, far.closed.length], [1, 1], how);
    listener.close();
  }
});

t.test('a reset reaches closed as an error with its code', async (t) => {
  const at = { host: '127.0.0.1', port: await freePort() };
  const closed: (Error | null)[] = [];
  await new Promise<void>((resolve) => {
    const listener = world.network.listen(at, {
      ready: () => {
        const raw = net.connect(at.port, at.host, () => {
          raw.write('x', () => setTimeout(() => raw.resetAndDestroy(), 20));
        });
      },
      accepted: () => ({
        data(): void {},
        closed(error): void {
          closed.push(error);
          listener.close();
          resolve();
        },
      }),
    });
  });
  t.match(closed, [{ code: 'ECONNRESET' }]);
});

t.test('no data comes after end or destroy', async (t) => {
  for (const how of ['end', 'destroy'] as const) {
    const { near, far, listener } = await pair();
    far.socket.write(Buffer.alloc(100_000));
    near.socket[how]();
    await until(() => far.closed.length === 1 && near.closed.length === 1, how);
    t.equal(length(near), 0);
    listener.close();
  }
});

t.test('a refused connection closes with ECONNREFUSED and was never connected', async (t) => {
  const port = await freePort();
  for (const host of ['127.0.0.1', 'localhost']) {
    const events: string[] = [];
    await new Promise<void>((resolve) => {
      const socket = world.network.connect(
        { host, port },
        {
          connected: () => events.push('connected'),
          data: () => events.push('data'),
          closed: (error) => {
            events.push((error as NodeJS.ErrnoException).code ?? 'none');
            setTimeout(resolve, 5);
          },
        },
      );
      t.equal(socket.write(Buffer.from('early')), false, 'bytes wait for the connection');
      t.same(socket.remote, { host: '', port: 0 });
    });
    t.same(events, ['ECONNREFUSED']);
  }
});

t.test('bytes written before the connection stands arrive', async (t) => {
  const seen: Buffer[] = [];
  const port = await freePort();
  const server = world.network.listen(
    { host: 'localhost', port },
    {
      ready: () => {
        const socket = world.network.connect(
          { host: 'localhost', port },
          { data() {}, closed() {} },
        );
        socket.setKeepAlive(10);
        socket.write(Buffer.from('ea'));
        socket.writev([Buffer.from('r'), Buffer.from('ly')]);
        socket.end();
      },
      accepted: () => ({ data: (c) => seen.push(Buffer.from(c)), closed: () => server.close() }),
    },
  );
  await until(() => Buffer.concat(seen).toString() === 'early', 'the bytes');
  t.pass();
});

t.test('a port in use is told through ready', async (t) => {
  const { listener, at, near } = await pair();
  const code = await new Promise((resolve) => {
    world.network.listen(at, {
      ready: (error) => resolve((error as NodeJS.ErrnoException | null)?.code),
      accepted: () => ({ data() {}, closed() {} }),
    });
  });
  t.equal(code, 'EADDRINUSE');
  near.socket.destroy();
  listener.close();
});

t.test('a closed listener refuses, and open sockets stay', async (t) => {
  const { near, far, listener, at } = await pair();
  listener.close();
  const code = await new Promise((resolve) => {
    world.network.connect(at, {
      data() {},
      closed: (error) => resolve((error as NodeJS.ErrnoException | null)?.code),
    });
  });
  t.equal(code, 'ECONNREFUSED');
  near.socket.write(Buffer.from('still'));
  await until(() => length(far) === 5, 'the bytes');
  near.socket.destroy();
});

t.test('IPv6 loopback works where the machine has it', async (t) => {
  const port = await freePort();
  const outcome = await new Promise<string>((resolve) => {
    const listener = world.network.listen(
      { host: '::1', port },
      {
        ready: (error) => {
          if (error) resolve('none');
          else world.network.connect({ host: '::1', port }, { data() {}, closed() {} }).end();
        },
        accepted: (socket) => {
          resolve(socket.remote.host);
          listener.close();
          return { data() {}, closed() {} };
        },
      },
    );
  });
  t.match(outcome, /^(::1|none)$/);
});

t.test('an IPv4 client of a listener on all addresses is shown as IPv4', async (t) => {
  const port = await freePort();
  const host = await new Promise<string>((resolve) => {
    const listener = world.network.listen(
      { host: '*', port },
      {
        ready: () =>
          world.network.connect({ host: '127.0.0.1', port }, { data() {}, closed() {} }).end(),
        accepted: (socket) => {
          resolve(socket.remote.host);
          listener.close();
          return { data() {}, closed() {} };
        },
      },
    );
  });
  t.equal(host, '127.0.0.1');
});

t.test('local addresses hold no loopback and IPv4 comes first', async (t) => {
  const addresses = world.network.localAddresses();
  t.notOk(addresses.some((address) => address.startsWith('127.') || address === '::1'));
  const families = addresses.map((address) => net.isIP(address));
  t.same(families, [...families].sort());
});

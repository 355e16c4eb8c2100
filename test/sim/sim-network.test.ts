import t from 'tap';
import { connect, connectedPair, recordAll } from './sim-support.ts';
import { Simulation } from './sim-world.ts';

const STEADY = { minimum: 1, mean: 0, spikeChance: 0, spike: 0 };

/** Bytes that differ everywhere, so that a lost or swapped one shows. */
function numbered(from: number, count: number): string {
  let text = '';
  for (let i = from; text.length < count; i++) text += `${i},`;
  return text.slice(0, count);
}

t.test('bytes arrive complete and in order, whatever the delays', async (t) => {
  let torn = 0;
  let merged = 0;
  for (let seed = 0; seed < 100; seed++) {
    const simulation = new Simulation({
      seed,
      network: {
        latency: { minimum: 0.01, mean: seed % 2 === 0 ? 5 : 0.1, spikeChance: 0.01, spike: 100 },
        splitChance: 0.3,
      },
    });
    const { near, far } = connectedPair(simulation);
    let sent = '';
    for (let i = 0; i < 50; i++) {
      simulation.after(simulation.random.below(200), () => {
        const text = numbered(i * 1000, 1 + simulation.random.below(300));
        sent += text;
        near.write(text);
      });
    }
    simulation.run(simulation.now + 5000);
    if (far.text !== sent) t.fail(`seed ${seed}`);
    if (far.chunks > 50) torn += 1;
    if (far.chunks < 50) merged += 1;
  }
  t.ok(torn > 0 && merged > 0, `more chunks in ${torn} runs, fewer in ${merged}`);
});

t.test('both ends know their addresses, and host names and numbers mean the same', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const { near, far, a, b } = connectedPair(simulation);
  t.same(near.socket?.remote, { host: b.address, port: 7000 });
  t.same(far.socket?.local, near.socket?.remote);
  t.same(near.socket?.local, far.socket?.remote);
  t.same(b.world.network.localAddresses(), [b.address]);
  for (const host of ['b', b.address]) {
    const again = connect(a.world, { host, port: 7000 });
    t.same(again.socket?.remote, { host: '', port: 0 }, 'nothing before it is connected');
    simulation.run(simulation.now + 1000);
    t.ok(again.isConnected);
  }
});

t.test('nobody listening, an unknown host and a port in use have their codes', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const { a, b } = connectedPair(simulation);
  const refused = connect(a.world, { host: 'b', port: 1 });
  const unknown = connect(a.world, { host: 'nowhere', port: 1 });
  const taken = recordAll(b.world, { host: 'b', port: 7000 });
  const elsewhere = recordAll(b.world, { host: 'a', port: 7001 });
  simulation.run(simulation.now + 1000);
  t.same([refused.closes, unknown.closes], [['ECONNREFUSED'], ['ENOTFOUND']]);
  t.same([taken.ready, elsewhere.ready], [['EADDRINUSE'], ['EADDRNOTAVAIL']]);
});

t.test('a listener on the loopback address serves its own machine only', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const a = simulation.machine('a');
  recordAll(a.world, { host: '127.0.0.1', port: 1 });
  const own = connect(a.world, { host: 'localhost', port: 1 });
  const other = connect(simulation.machine('b').world, { host: 'a', port: 1 });
  simulation.run(1000);
  t.ok(own.isConnected);
  t.same(other.closes, ['ECONNREFUSED']);
});

t.test('a closed listener refuses, keeps its connections, and frees its port', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const b = simulation.machine('b');
  const { listener, accepted } = recordAll(b.world, { host: '', port: 1 });
  const first = connect(simulation.machine('a').world, { host: 'b', port: 1 });
  simulation.run(100);
  listener.close();
  const second = connect(simulation.machine('a').world, { host: 'b', port: 1 });
  first.write('still here');
  simulation.run(200);
  t.same(second.closes, ['ECONNREFUSED']);
  t.equal(accepted[0]?.text, 'still here');
  const again = recordAll(b.world, { host: '', port: 1 });
  simulation.run(300);
  t.same(again.ready, ['ok']);
});

t.test('a write beyond the window is kept, counted, and drained when it was read', async (t) => {
  const simulation = new Simulation({ seed: 1, network: { sendWindow: 1000 } });
  const { near, far } = connectedPair(simulation);
  far.socket?.pause();
  const text = numbered(0, 5000);
  t.equal(near.write(text.slice(0, 600)), true);
  t.equal(near.write(text.slice(600, 4000)), false);
  t.equal(near.socket?.buffered, 3000);
  const pieces = [Buffer.from(text.slice(4000, 4500)), Buffer.from(text.slice(4500))];
  t.equal(near.socket?.writev(pieces), false);
  simulation.run(simulation.now + 1000);
  t.equal(near.socket?.buffered, 4000);
  t.same([near.drains, far.text], [0, '']);
  far.socket?.resume();
  simulation.run(simulation.now + 1000);
  t.equal(far.text, text);
  t.same([near.socket?.buffered, near.drains], [0, 1]);
});

t.test('bytes written before the connection stands are sent when it does', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const { accepted } = recordAll(simulation.machine('b').world, { host: 'b', port: 1 });
  const near = connect(simulation.machine('a').world, { host: 'b', port: 1 });
  t.equal(near.write('early '), false);
  t.equal(near.write('bird'), false);
  near.socket?.end();
  simulation.run(1000);
  t.equal(accepted[0]?.text, 'early bird');
  t.same([accepted[0]?.closes, near.closes], [['in order'], ['in order']]);
});

t.test('whoever keeps a view of a chunk finds it changed', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const { near, far } = connectedPair(simulation);
  const views: Buffer[] = [];
  far.onData = (chunk) => views.push(chunk);
  near.write('secret');
  simulation.run(simulation.now + 100);
  t.equal(far.text, 'secret');
  t.notMatch(Buffer.concat(views).toString('latin1'), 'secret');
});

t.test('a buffer may be changed after write took it', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const { near, far } = connectedPair(simulation);
  const bytes = Buffer.from('as it was');
  t.equal(near.socket?.write(bytes), true);
  bytes.fill(0);
  simulation.run(simulation.now + 100);
  t.equal(far.text, 'as it was');
});

t.test('end sends what is kept first; both sides close in order, once', async (t) => {
  const simulation = new Simulation({ seed: 1, network: { sendWindow: 100 } });
  const { near, far } = connectedPair(simulation);
  const text = numbered(0, 5000);
  near.write(text);
  near.socket?.end();
  t.equal(near.write('dropped'), true);
  simulation.run(simulation.now + 5000);
  near.socket?.destroy();
  far.socket?.end();
  simulation.run(simulation.now + 100);
  t.equal(far.text, text);
  t.same([near.closes, far.closes], [['in order'], ['in order']]);
});

t.test('no data comes after destroy, and closed comes later, not within the call', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const { near, far } = connectedPair(simulation);
  near.write('too late');
  far.socket?.destroy();
  t.same(far.closes, []);
  simulation.run(simulation.now + 100);
  t.same([far.text, far.closes, near.closes.length], ['', ['in order'], 1]);
});

t.test('a partition holds bytes and requests; healing lets them through', async (t) => {
  for (let seed = 0; seed < 30; seed++) {
    const simulation = new Simulation({ seed, network: { sendWindow: 1000 } });
    const { near, far, a } = connectedPair(simulation);
    simulation.machine('c');
    const text = numbered(0, 5000);
    near.write(text.slice(0, 500));
    far.write('before');
    simulation.network.partition([['a', 'c'], ['b']]);
    t.equal(simulation.network.isCut('a', 'b') && simulation.network.isCut('b', 'a'), true);
    t.equal(simulation.network.isCut('a', 'c'), false);
    near.write(text.slice(500));
    far.write(' after');
    const late = connect(a.world, { host: 'b', port: 7000 });
    simulation.run(simulation.now + 10_000);
    if (far.text !== '' || near.text !== '' || late.isConnected) t.fail(`seed ${seed} leaks`);
    simulation.network.healAll();
    simulation.run(simulation.now + 20_000);
    if (far.text !== text || near.text !== 'before after') t.fail(`seed ${seed} loses bytes`);
    if (!late.isConnected) t.fail(`seed ${seed} does not connect`);
    t.same([near.closes, far.closes, late.closes], [[], [], []]);
  }
});

t.test('one direction can be cut: the other carries until its window is full', async (t) => {
  const simulation = new Simulation({ seed: 1, network: { sendWindow: 1000 } });
  const { near, far } = connectedPair(simulation);
  simulation.network.cut('b', 'a');
  near.write(numbered(0, 3000));
  far.write('unheard');
  simulation.run(simulation.now + 5000);
  t.equal(far.text, numbered(0, 1000));
  t.equal(near.text, '');
  simulation.network.heal('a', 'b');
  simulation.run(simulation.now + 5000);
  t.equal(far.text, numbered(0, 3000));
  t.equal(near.text, 'unheard');
});

t.test('an isolated machine still reaches itself', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const { near, far, a } = connectedPair(simulation);
  const own = recordAll(a.world, { host: 'a', port: 5 });
  simulation.network.isolate('a');
  const self = connect(a.world, { host: 'a', port: 5 });
  near.write('x');
  self.write('y');
  simulation.run(simulation.now + 5000);
  t.same([far.text, own.accepted[0]?.text], ['', 'y']);
});

t.test('a clogged link carries nothing for its time, and then all', async (t) => {
  const simulation = new Simulation({ seed: 1, network: { latency: STEADY, retransmit: 0 } });
  const { near, far } = connectedPair(simulation);
  const start = simulation.now;
  let at = 0;
  far.onData = () => {
    at = simulation.now;
  };
  simulation.network.clog('a', 'b', 300);
  near.write('one ');
  simulation.at(start + 100, () => near.write('two'));
  simulation.run(start + 1000);
  t.equal(far.text, 'one two');
  t.ok(at >= start + 300 && at < start + 310);
});

t.test('a broken connection loses a tail and closes both sides with an error', async (t) => {
  const lengths = new Set<number>();
  for (let seed = 0; seed < 60; seed++) {
    const simulation = new Simulation({ seed, network: { latency: STEADY, splitChance: 0 } });
    const { near, far } = connectedPair(simulation);
    const text = numbered(0, 1000);
    for (let i = 0; i < 1000; i += 100) {
      simulation.after(i / 500, () => near.write(text.slice(i, i + 100)));
    }
    simulation.after(1.5, () => simulation.network.breakConnections('a', 'b'));
    simulation.run(simulation.now + 1000);
    if (!text.startsWith(far.text)) t.fail(`seed ${seed}: not a prefix`);
    lengths.add(far.text.length);
    t.same([near.closes, far.closes], [['ECONNRESET'], ['ECONNRESET']]);
  }
  t.ok(lengths.size > 3, `${lengths.size} different lengths`);
});

t.test('the other side of a half-open connection finds out when it writes', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const { near, far } = connectedPair(simulation);
  simulation.network.breakConnections('a', 'b', 'half-open');
  simulation.run(simulation.now + 60_000);
  t.same([near.closes, far.closes], [['ECONNRESET'], []]);
  far.write('anybody there?');
  simulation.run(simulation.now + 1000);
  t.same(far.closes, ['ECONNRESET']);
});

t.test('with keep-alive it finds out without writing', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const { far } = connectedPair(simulation);
  far.socket?.setKeepAlive(30);
  simulation.network.breakConnections('a', 'b', 'half-open');
  simulation.run(simulation.now + 60_000);
  t.same(far.closes, ['ETIMEDOUT']);
});

t.test('peers of a killed process see an end, and new connections are refused', async (t) => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 30; seed++) {
    const simulation = new Simulation({ seed });
    const { near, a, b } = connectedPair(simulation);
    b.crash({ kind: 'kill' });
    simulation.run(simulation.now + 1000);
    for (const close of near.closes) seen.add(close);
    t.equal(near.closes.length, 1);
    const again = connect(a.world, { host: 'b', port: 7000 });
    simulation.run(simulation.now + 1000);
    t.same(again.closes, ['ECONNREFUSED']);
  }
  t.same([...seen].sort(), ['ECONNRESET', 'in order']);
});

t.test('peers of a silent machine hear nothing until it runs again', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const { near, a, b } = connectedPair(simulation);
  b.crash({ kind: 'power', peers: 'silence' });
  near.write('hello?');
  const waiting = connect(a.world, { host: 'b', port: 7000 });
  simulation.run(simulation.now + 10_000);
  t.same([near.closes, waiting.closes, waiting.isConnected], [[], [], false]);
  recordAll(b.restart(), { host: 'b', port: 7000 });
  simulation.run(simulation.now + 20_000);
  t.same([near.closes, waiting.isConnected], [['ECONNRESET'], true]);
});

t.test('a request that nobody answers ends with ETIMEDOUT', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  simulation.machine('b').crash({ peers: 'silence' });
  const near = connect(simulation.machine('a').world, { host: 'b', port: 1 });
  simulation.run(200_000);
  t.same(near.closes, ['ETIMEDOUT']);
});

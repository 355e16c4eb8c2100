import t from 'tap';
import { ErrorReply, isError } from '../../src/resp/reply.ts';
import { type Outcome, SimClient } from './sim-client.ts';
import { recordAll } from './sim-support.ts';
import { Simulation } from './sim-world.ts';

/** A server that answers each command by what `answer` makes of its bytes. */
function serve(
  simulation: Simulation,
  name: string,
  answer: (request: string) => string,
): string[] {
  const seen: string[] = [];
  recordAll(simulation.machine(name).world, { host: name, port: 6379 }, (recorder) => {
    let rest = '';
    recorder.onData = (chunk) => {
      rest += chunk.toString('latin1');
      for (let end = rest.indexOf('!\r\n'); end >= 0; end = rest.indexOf('!\r\n')) {
        const request = rest.slice(0, end).split('\r\n').at(-1) ?? '';
        rest = rest.slice(end + 3);
        seen.push(request);
        recorder.write(answer(request));
      }
    };
  });
  return seen;
}

const AT_A = { host: 'a', port: 6379 };
const AT_B = { host: 'b', port: 6379 };

function said(outcome: Outcome): string {
  if (outcome.kind !== 'reply') return outcome.kind;
  return isError(outcome.reply) ? outcome.reply.text : String(outcome.reply);
}

t.test('commands are answered in their order', async (t) => {
  for (let seed = 0; seed < 20; seed++) {
    const simulation = new Simulation({ seed, network: { splitChance: 0.5 } });
    serve(simulation, 'a', (request) => `$${request.length}\r\n${request}\r\n`);
    const client = new SimClient({ world: simulation.machine('c').world, addresses: [AT_A] });
    const got: string[] = [];
    for (let i = 0; i < 20; i++)
      client.send(['ECHO', `${i}!`], (outcome) => got.push(said(outcome)));
    t.equal(client.outstanding, 20);
    simulation.run(1000);
    t.same(got, [...Array(20).keys()].map(String));
  }
});

t.test('MOVED is followed, in order, and only if wanted', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const moved = '-MOVED 42 b:6379\r\n';
  serve(simulation, 'a', (request) => (request === 'local' ? '+local\r\n' : moved));
  const seen = serve(simulation, 'b', (request) => `+${request} at b\r\n`);
  const { world } = simulation.machine('c');
  const client = new SimClient({ world, addresses: [AT_A] });
  const got: string[] = [];
  for (const word of ['one', 'local', 'two']) {
    client.send([`${word}!`], (outcome) =>
      got.push(outcome.kind === 'reply' ? word : outcome.kind),
    );
  }
  simulation.run(1000);
  t.same(got.sort(), ['local', 'one', 'two']);
  t.same(seen, ['one', 'two']);
  t.same(client.address, AT_B);
  const stubborn = new SimClient({ world, addresses: [AT_A], followMoved: false });
  let outcome: Outcome | null = null;
  stubborn.send(['x!'], (o) => {
    outcome = o;
  });
  simulation.run(2000);
  t.match(outcome, { kind: 'reply', reply: new ErrorReply('MOVED 42 b:6379') });
});

t.test(
  'a lost connection leaves sent commands unknown, and the next address is tried',
  async (t) => {
    const simulation = new Simulation({ seed: 1 });
    serve(simulation, 'a', () => '');
    serve(simulation, 'b', () => '+pong\r\n');
    const { world } = simulation.machine('c');
    const client = new SimClient({ world, addresses: [AT_A, AT_B], greeting: [['HELLO!']] });
    const got: string[] = [];
    client.send(['one!'], (outcome) => got.push(outcome.kind));
    simulation.run(100);
    simulation.machine('a').crash({ kind: 'kill' });
    simulation.run(101);
    client.send(['two!'], (outcome) => got.push(outcome.kind));
    simulation.run(1000);
    t.same(got, ['unknown', 'reply']);
    t.same(client.address, AT_B);
  },
);

t.test('a command that waits too long is given up, and said whether it was sent', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  serve(simulation, 'a', () => '');
  const { world } = simulation.machine('c');
  const got: string[] = [];
  const client = new SimClient({ world, addresses: [AT_A], timeout: 100 });
  client.send(['sent!'], (outcome) => got.push(outcome.kind));
  const nowhere = new SimClient({ world, addresses: [AT_B], timeout: 100 });
  simulation.machine('b').crash({ peers: 'silence' });
  nowhere.send(['never!'], (outcome) => got.push(outcome.kind));
  simulation.run(5000);
  t.same(got.sort(), ['unknown', 'unsent']);
});

t.test('close gives every command an outcome', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  serve(simulation, 'a', () => '');
  const client = new SimClient({ world: simulation.machine('c').world, addresses: [AT_A] });
  const got: string[] = [];
  client.send(['one!'], (outcome) => got.push(outcome.kind));
  simulation.run(100);
  client.send(['two!'], (outcome) => got.push(outcome.kind));
  client.close();
  client.send(['three!'], (outcome) => got.push(outcome.kind));
  simulation.run(1000);
  t.same(got, ['unknown', 'unknown', 'unsent']);
  t.equal(client.outstanding, 0);
});

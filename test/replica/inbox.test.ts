import t from 'tap';
import { createLog } from '../../raftlog/index.ts';
import { asNodeId, asTerm } from '../../src/base/ids.ts';
import { Prng } from '../../src/base/prng.ts';
import { readMessage } from '../../src/replica/inbox.ts';
import type { LogStore } from '../../src/replica/log-store.ts';
import { LogStore as Store } from '../../src/replica/log-store.ts';
import { encodeMessage } from '../../src/replica/message-codec.ts';
import { FaultyFiles } from '../support/faulty-files.ts';

function emptyStore(): LogStore {
  const log = createLog({
    files: new FaultyFiles(),
    path: 'log',
    fsync: false,
    microseconds: () => 0,
    clusterId: 'c'.repeat(32),
    nodeId: 1,
  });
  return new Store(log, () => log);
}

const AT = { from: asNodeId(2), self: asNodeId(1), term: asTerm(3) };

t.test('bytes that are no message are nonsense, never an exception', (t) => {
  const store = emptyStore();
  const random = new Prng(1, Number(process.env['SEED'] ?? 7));
  const good = encodeMessage(
    {
      kind: 'append',
      ...{ from: AT.from, to: AT.self, term: AT.term },
      ...{ previousIndex: 0, previousTerm: 0, commit: 0, first: 1, last: 2, entries: null },
    } as never,
    0,
  );
  let nonsense = 0;
  for (let i = 0; i < 20_000; i++) {
    const header = Buffer.from(good);
    const flips = 1 + random.below(4);
    for (let k = 0; k < flips; k++) header[random.below(header.length)] = random.below(256);
    const body = Buffer.alloc(random.below(100), random.below(256));
    const received = readMessage(store, { type: 1, header, body }, AT);
    if (received.kind === 'nonsense') nonsense++;
  }
  t.ok(nonsense > 15_000, `${nonsense} of 20000 were refused`);
  t.end();
});

t.test('an acknowledgement of entries that this node never had is nonsense', (t) => {
  const header = encodeMessage(
    {
      kind: 'append-response',
      ...{ from: AT.from, to: AT.self, term: AT.term, success: true, match: 9 },
      ...{ refused: 0, hintIndex: 0, hintTerm: 0 },
    } as never,
    0,
  );
  const received = readMessage(emptyStore(), { type: 1, header, body: Buffer.alloc(0) }, AT);
  t.equal(received.kind, 'nonsense');
  t.end();
});

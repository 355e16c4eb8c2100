import t from 'tap';
import { memoryAdvice, memoryStatistics } from '../../../src/commands/keys/memory-report.ts';
import type { MemoryFacts } from '../../../src/commands/local.ts';
import { plain } from '../harness.ts';

const MB = 1024 * 1024;

const CALM: MemoryFacts = {
  used: 100 * MB,
  peak: 110 * MB,
  resident: 140 * MB,
  clients: 2,
  clientBuffers: 1000,
  databases: [
    { index: 0, keys: 1000, deadlines: 10 },
    { index: 3, keys: 24, deadlines: 0 },
  ],
};

function statistics(facts: MemoryFacts): Map<unknown, unknown> {
  const flat = plain(memoryStatistics(facts));
  const fields = new Map<unknown, unknown>();
  if (Array.isArray(flat))
    for (let i = 0; i < flat.length; i += 2) fields.set(flat[i], flat[i + 1]);
  return fields;
}

t.test('memory statistics add up', async (t) => {
  const fields = statistics(CALM);
  t.equal(fields.get('peak.allocated'), 110 * MB);
  t.equal(fields.get('total.allocated'), 100 * MB);
  t.equal(fields.get('keys.count'), 1024);
  t.equal(fields.get('keys.bytes-per-key'), 102400);
  t.same(fields.get('db.0'), ['overhead.hashtable.main', 56000, 'overhead.hashtable.expires', 120]);
  t.equal(fields.get('overhead.total'), 1000 + 56000 + 120 + 24 * 56);
  t.equal(
    Number(fields.get('dataset.bytes')) + Number(fields.get('overhead.total')),
    fields.get('total.allocated'),
  );
  t.equal(fields.get('fragmentation'), '1.4');
});

t.test('memory statistics of an empty node divide by nothing', async (t) => {
  const empty = { used: 0, peak: 0, resident: 0, clients: 0, clientBuffers: 0, databases: [] };
  for (const [name, value] of statistics(empty)) t.ok(Number.isFinite(Number(value)), String(name));
});

t.test('memory advice names what is conspicuous', async (t) => {
  t.match(memoryAdvice({ ...CALM, used: MB }), /empty or nearly so/);
  t.match(memoryAdvice(CALM), /nothing conspicuous/);
  t.match(memoryAdvice({ ...CALM, peak: 200 * MB }), /^ \* Peak/);
  t.match(memoryAdvice({ ...CALM, resident: 400 * MB }), /^ \* Resident/);
  t.match(memoryAdvice({ ...CALM, clientBuffers: MB }), /^ \* Buffers of clients/);
});

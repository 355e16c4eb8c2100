import { DoubleReply, MapReply, type Reply } from '../../resp/reply.ts';
import type { MemoryFacts } from '../local.ts';

/** About what a key takes beside its name and value, and what its deadline takes. */
const KEY_BYTES = 56;
const DEADLINE_BYTES = 12;

/** Below this there is nothing to give advice about. */
const SMALL_BYTES: number = 5 * 1024 * 1024;
const HIGH_PEAK = 1.5;
const HIGH_RESIDENT = 1.8;
const LARGE_BUFFERS = 200 * 1024;

/** The reply of MEMORY STATS: the fields of Redis that have a meaning here. */
export function memoryStatistics(facts: MemoryFacts): Reply {
  const { used, peak, resident, clientBuffers } = facts;
  const pairs: [Reply, Reply][] = [
    ['peak.allocated', peak],
    ['total.allocated', used],
    ['startup.allocated', 0],
    ['replication.backlog', 0],
    ['clients.slaves', 0],
    ['clients.normal', clientBuffers],
    ['cluster.links', 0],
    ['aof.buffer', 0],
    ['lua.caches', 0],
    ['functions.caches', 0],
  ];
  let overhead = clientBuffers;
  let keys = 0;
  for (const db of facts.databases) {
    const main = db.keys * KEY_BYTES;
    const expires = db.deadlines * DEADLINE_BYTES;
    overhead += main + expires;
    keys += db.keys;
    pairs.push([
      `db.${db.index}`,
      new MapReply([
        ['overhead.hashtable.main', main],
        ['overhead.hashtable.expires', expires],
      ]),
    ]);
  }
  const dataset = Math.max(0, used - overhead);
  pairs.push(
    ['overhead.total', overhead],
    ['keys.count', keys],
    ['keys.bytes-per-key', keys === 0 ? 0 : Math.floor(used / keys)],
    ['dataset.bytes', dataset],
    ['dataset.percentage', new DoubleReply(percentage(dataset, used))],
    ['peak.percentage', new DoubleReply(percentage(used, peak))],
    ['fragmentation', new DoubleReply(used === 0 ? 0 : resident / used)],
    ['fragmentation.bytes', resident - used],
  );
  return new MapReply(pairs);
}

function percentage(part: number, whole: number): number {
  return whole === 0 ? 0 : (part / whole) * 100;
}

/** The text of MEMORY DOCTOR. */
export function memoryAdvice({
  used,
  peak,
  resident,
  clients,
  clientBuffers,
}: MemoryFacts): string {
  if (used < SMALL_BYTES) return 'This node is empty or nearly so: there is nothing to look into.';
  const findings: string[] = [];
  if (peak > used * HIGH_PEAK) {
    findings.push(
      'Peak: this node has used much more memory than it does now. What is resident may stay at ' +
        'that level although most of it is free to be used again.',
    );
  }
  if (resident > used * HIGH_RESIDENT) {
    findings.push(
      'Resident memory: much more is resident than the heap holds. Large strings and buffers live ' +
        'outside the heap, and what the collector has freed is given back late.',
    );
  }
  if (clients > 0 && clientBuffers / clients > LARGE_BUFFERS) {
    findings.push(
      'Buffers of clients: they hold more than 200 KB each on average. CLIENT LIST shows who reads ' +
        'too slowly or sends too much at once (omem, qbuf).',
    );
  }
  if (findings.length === 0) return 'The memory of this node shows nothing conspicuous.';
  return findings.map((finding) => ` * ${finding}`).join('\n\n');
}

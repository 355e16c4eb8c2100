/**
 * Two popular clients on a running cluster, ioredis and node-redis: both know Redis Cluster, find the
 * leader by themselves and follow it when it changes. Counts with each while leadership is handed
 * over, and checks that no increment is lost. `node dist/examples/clients.js [port of a node]`
 */
import { Cluster } from 'ioredis';
import { createCluster } from 'redis';

const PORT = Number(process.argv[2] ?? 5001);
const COUNT = 200;

/** Counts to {@link COUNT}; half-way `transfer` is begun, and nobody waits for it. */
async function countDuring(
  increment: () => Promise<number>,
  transfer: () => Promise<unknown>,
): Promise<number> {
  let last = 0;
  let transferred: Promise<unknown> = Promise.resolve();
  for (let i = 1; i <= COUNT; i++) {
    if (i === COUNT / 2) transferred = transfer();
    last = await increment();
  }
  await transferred;
  return last;
}

function check(name: string, counted: number, read: string | null): void {
  if (counted !== COUNT || read !== String(COUNT)) {
    throw new Error(`${name} counted to ${counted} and read ${read}: ${COUNT} was expected`);
  }
}

async function withIoredis(): Promise<void> {
  const redis = new Cluster([{ host: '127.0.0.1', port: PORT }]);
  try {
    console.log('ioredis');
    console.log('  SET greeting hello      ', await redis.set('greeting', 'hello'));
    console.log('  GET greeting            ', await redis.get('greeting'));
    await redis.del('counter');
    const counted = await countDuring(
      () => redis.incr('counter'),
      async () => {
        // Only the leader can hand over; `nodes` knows it as the master.
        const [leader] = redis.nodes('master');
        console.log('  RAFT.TRANSFER_LEADER    ', await leader?.call('RAFT.TRANSFER_LEADER'));
      },
    );
    console.log(`  INCR counter, ${COUNT} times `, counted);
    check('ioredis', counted, await redis.get('counter'));
  } finally {
    redis.disconnect();
  }
}

async function withNodeRedis(): Promise<void> {
  const redis = createCluster({ rootNodes: [{ url: `redis://127.0.0.1:${PORT}` }] });
  redis.on('error', (error) => console.log(`  ${String(error)}`));
  await redis.connect();
  try {
    console.log('node-redis');
    console.log('  GET greeting            ', await redis.get('greeting'));
    await redis.del('counter');
    const counted = await countDuring(
      () => redis.incr('counter'),
      async () => {
        const [leader] = redis.masters;
        if (leader === undefined) throw new Error('no leader is known');
        const client = await redis.nodeClient(leader);
        const reply = await client.sendCommand(['RAFT.TRANSFER_LEADER']);
        console.log('  RAFT.TRANSFER_LEADER    ', reply);
      },
    );
    console.log(`  INCR counter, ${COUNT} times `, counted);
    check('node-redis', counted, await redis.get('counter'));
  } finally {
    redis.destroy();
  }
}

await withIoredis();
await withNodeRedis();
console.log('Nothing was lost.');

import t from 'tap';
import { asLogIndex, asMilliseconds } from '../../src/base/ids.ts';
import { digest } from '../../src/keyspace/digest.ts';
import { Keyspace } from '../../src/keyspace/keyspace.ts';
import { RawString } from '../../src/keyspace/raw-string.ts';

function keyspaceWith(fill: (keyspace: Keyspace) => void): Keyspace {
  const keyspace = new Keyspace();
  keyspace.advance(asMilliseconds(1000), asLogIndex(1));
  fill(keyspace);
  return keyspace;
}

function digestOf(fill: (keyspace: Keyspace) => void): string {
  return digest(keyspaceWith(fill));
}

t.test('an empty keyspace has a digest of zeros', async (t) => {
  t.equal(digest(new Keyspace()), '0'.repeat(40));
});

t.test('the order of keys and the way to them do not matter', async (t) => {
  const one = digestOf((keyspace) => {
    for (let i = 0; i < 1000; i++) keyspace.database(i % 3).set(`k${i}`, `v${i}`);
  });
  const other = digestOf((keyspace) => {
    keyspace.database(0).set('gone', 'x');
    for (let i = 999; i >= 0; i--) keyspace.database(i % 3).set(`k${i}`, `v${i}`);
    keyspace.database(0).delete('gone');
  });
  t.equal(one, other);
  t.match(one, /^[\da-f]{40}$/);
});

t.test('the inner form of a string does not matter', async (t) => {
  const long = 'x'.repeat(5000);
  const texts = digestOf((keyspace) => {
    keyspace.database(0).set('n', '12');
    keyspace.database(0).set('r', long);
  });
  const others = digestOf((keyspace) => {
    keyspace.database(0).set('n', 12);
    keyspace.database(0).set('r', RawString.ofText(long));
  });
  t.equal(texts, others);
});

t.test('database, key, value and deadline matter', async (t) => {
  const digests = [
    digestOf((k) => k.database(0).set('k', 'v')),
    digestOf((k) => k.database(1).set('k', 'v')),
    digestOf((k) => k.database(0).set('kv', '')),
    digestOf((k) => k.database(0).set('', 'kv')),
    digestOf((k) => k.database(0).set('k', 'w')),
    digestOf((k) => k.database(0).set('k', 'v\0')),
    digestOf((k) => {
      k.database(0).set('k', 'v');
      k.database(0).expireAt('k', 5000);
    }),
    digestOf((k) => {
      k.database(0).set('k', 'v');
      k.database(0).expireAt('k', 5001);
    }),
  ];
  t.equal(new Set(digests).size, digests.length);
});

t.test('values exchanged between keys change the digest', async (t) => {
  const digests = [
    digestOf((k) => {
      k.database(0).set('a', '1');
      k.database(0).set('b', '2');
    }),
    digestOf((k) => {
      k.database(0).set('a', '2');
      k.database(0).set('b', '1');
    }),
  ];
  t.not(digests[0], digests[1]);
});

t.test('keys whose deadline has come do not count', async (t) => {
  const gone = digestOf((k) => {
    k.database(0).set('k', 'v');
    k.database(0).expireAt('k', 1000);
  });
  t.equal(gone, '0'.repeat(40));
});

t.test('every bit of a long value reaches all parts of the digest', async (t) => {
  const digests = Array.from({ length: 64 }, (_, i) => {
    const bytes = Buffer.alloc(9000);
    bytes[i * 140] = 1 << (i % 8);
    return digestOf((k) => k.database(0).set('k', RawString.ofBytes(bytes)));
  });
  for (let part = 0; part < 5; part++) {
    const parts = digests.map((text) => text.slice(part * 8, part * 8 + 8));
    t.equal(new Set(parts).size, digests.length);
  }
});

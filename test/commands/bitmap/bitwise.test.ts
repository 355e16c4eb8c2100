import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { and, andNot, or, xor } from '../../../src/commands/bitmap/bitwise.ts';

const OPERATIONS = [
  { name: 'and', run: and, model: (a: number, b: number) => a & b },
  { name: 'or', run: or, model: (a: number, b: number) => a | b },
  { name: 'xor', run: xor, model: (a: number, b: number) => a ^ b },
  { name: 'andNot', run: andNot, model: (a: number, b: number) => a & ~b },
];

function randomBytes(random: Prng, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = random.below(256);
  return bytes;
}

for (const { name, run, model } of OPERATIONS) {
  t.test(
    `${name} does byte by byte what its operator does, with zeros behind the end`,
    async (t) => {
      const random = new Prng(5, 6);
      for (let round = 0; round < 300; round++) {
        const target = randomBytes(random, random.below(2000));
        const source = randomBytes(random, 5 + random.below(target.length + 1)).subarray(
          random.below(6),
        );
        const fitting = source.subarray(0, target.length);
        const expected = target.map((byte, i) => model(byte, fitting[i] ?? 0));
        run(target, fitting);
        if (Buffer.compare(target, expected) !== 0)
          t.fail(`${target.length}, ${fitting.length} bytes`);
      }
      t.pass('300 pairs');
    },
  );
}

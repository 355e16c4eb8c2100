import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { mergeRegisters } from '../../src/keyspace/hyperloglog.ts';
import { HyperloglogEdit } from '../../src/keyspace/hyperloglog-edit.ts';
import { isDense, REGISTERS } from '../../src/keyspace/hyperloglog-format.ts';
import { RawString } from '../../src/keyspace/raw-string.ts';

function registersOf(value: RawString): Uint8Array {
  const registers = new Uint8Array(REGISTERS);
  t.ok(mergeRegisters(value.view(), registers));
  return registers;
}

/** The runs of one with these registers raised in this order, in hexadecimal. */
function runsAfter(...raises: readonly (readonly [number, number])[]): string {
  const edit = new HyperloglogEdit(undefined);
  for (const [register, rank] of raises) edit.raise(register, rank);
  return Buffer.from(edit.finish().view().subarray(16)).toString('hex');
}

t.test('a run is split around a register', async (t) => {
  t.equal(runsAfter([0, 1]), '807ffe');
  t.equal(runsAfter([REGISTERS - 1, 2]), '7ffe84');
  t.equal(runsAfter([64, 3]), '3f887fbe');
  t.equal(runsAfter([65, 3]), '4040887fbd');
});

t.test('neighbours of equal rank are joined, up to four', async (t) => {
  t.equal(runsAfter([0, 1], [1, 1], [2, 1], [3, 1]), '837ffb');
  t.equal(runsAfter([0, 1], [1, 1], [2, 1], [3, 1], [4, 1]), '83807ffa');
  t.equal(runsAfter([0, 1], [2, 1], [1, 1]), '827ffc');
  t.equal(runsAfter([0, 1], [1, 1], [2, 1], [1, 5]), '8090807ffc');
});

t.test('a register is never lowered', async (t) => {
  const edit = new HyperloglogEdit(undefined);
  t.equal(edit.raise(7, 5), 'raised');
  t.equal(edit.raise(7, 5), 'kept');
  t.equal(edit.raise(7, 4), 'kept');
  t.equal(edit.raise(7, 6), 'raised');
  edit.toDense();
  t.equal(edit.raise(7, 6), 'kept');
  t.equal(edit.raise(7, 60), 'raised');
  t.equal(registersOf(edit.finish())[7], 60);
});

t.test('a rank above 32 makes it dense', async (t) => {
  const edit = new HyperloglogEdit(undefined);
  edit.raise(1, 32);
  t.notOk(isDense(edit.finish()));
  edit.raise(2, 33);
  const value = edit.finish();
  t.ok(isDense(value));
  t.same(registersOf(value).subarray(0, 4), [0, 32, 33, 0]);
});

t.test('registers in any order are those of a model, sparse and dense', async (t) => {
  for (let run = 0; run < 10; run++) {
    const random = new Prng(run, Date.now());
    const model = new Uint8Array(REGISTERS);
    let value: RawString | undefined;
    let length = 0;
    for (let part = 0; part < 60; part++) {
      const edit = new HyperloglogEdit(value);
      for (let i = 0; i < 60; i++) {
        const register = random.chance(0.3) ? random.below(40) : random.below(REGISTERS);
        const rank = 1 + random.below(random.chance(0.3) ? 32 : 3);
        const raised = edit.raise(register, rank);
        if ((raised === 'raised') !== (model[register] ?? 0) < rank) t.fail(`${register} ${rank}`);
        model[register] = Math.max(model[register] ?? 0, rank);
      }
      value = edit.finish();
      length = value.length;
      if (!isDense(value)) t.ok(length <= 3000);
    }
    t.equal(length, 12_304);
    t.same(value === undefined ? [] : registersOf(value), model);
  }
});

t.test('a dense one is edited in place, and what was shared stays', async (t) => {
  const edit = new HyperloglogEdit(undefined);
  edit.toDense();
  const value = edit.finish();
  const shared = Buffer.from(value.share() as Uint8Array);
  const before = value.share() as Uint8Array;
  const again = new HyperloglogEdit(value);
  again.raise(0, 9);
  again.raise(REGISTERS - 1, 50);
  again.spoilCardinality();
  t.equal(again.finish(), value);
  t.equal(value.byteAt(16), 9);
  t.equal(value.byteAt(12_303), 50 << 2);
  t.equal(value.byteAt(15), 0x80);
  t.same(before, shared);
});

t.test('all registers are set at once, which makes it dense', async (t) => {
  const registers = Uint8Array.from({ length: REGISTERS }, (_, i) => i % 52);
  const edit = new HyperloglogEdit(undefined);
  t.ok(edit.setAll(registers));
  const value = edit.finish();
  t.ok(isDense(value));
  t.same(registersOf(value), registers);
});

t.test('runs that are not sound are noticed where they matter', async (t) => {
  const head = `HYLL\x01${'\0'.repeat(11)}`;
  const corrupt = (runs: string): HyperloglogEdit =>
    new HyperloglogEdit(RawString.ofText(head + runs));
  t.equal(corrupt('').raise(0, 1), 'corrupt');
  t.equal(corrupt('\x3f').raise(64, 1), 'corrupt');
  t.equal(corrupt('\x3f').raise(63, 1), 'raised');
  t.equal(corrupt('\x7f').raise(0, 1), 'corrupt');
  t.equal(corrupt('\x3f').raise(63, 33), 'corrupt');
  t.equal(corrupt('\0'.repeat(40_000)).raise(5, 1), 'corrupt');
  t.notOk(corrupt('\0'.repeat(40_000)).toDense());
  t.notOk(corrupt('\0'.repeat(40_000)).setAll(new Uint8Array(REGISTERS)));
});

import { unreachable } from '../../base/assert.ts';
import { HashValue } from '../hash-value.ts';
import type { KeyHash } from '../key-hash.ts';
import { ListValue } from '../list-value.ts';
import { SetValue } from '../set-value.ts';
import { SortedSet } from '../sorted-set.ts';
import type { Value } from '../value.ts';
import { buildStream } from './build-stream.ts';
import type { RdbHash, RdbSet, RdbSortedSet, RdbValue } from './rdb-value.ts';

export interface BuildContext {
  readonly hash: KeyHash;
  /** Fields whose deadline has come by now are left out. In ms of the epoch. */
  readonly now: number;
}

/** `malformed`: an element is there twice. `gone`: by now nothing is left of it. */
export type Built =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'gone' };

const MALFORMED: Built = { kind: 'malformed' };
const GONE: Built = { kind: 'gone' };

/** Makes the value for a keyspace, which takes over what `value` holds. */
export function buildValue(value: RdbValue, context: BuildContext): Built {
  switch (value.type) {
    case 'string':
      return { kind: 'value', value: value.value };
    case 'list':
      return { kind: 'value', value: ListValue.of(value.elements) };
    case 'set':
      return buildSet(value, context);
    case 'zset':
      return buildSortedSet(value, context);
    case 'hash':
      return buildHash(value, context);
    case 'stream':
      return { kind: 'value', value: buildStream(value) };
    default:
      return unreachable(value);
  }
}

function buildSet({ members }: RdbSet, { hash }: BuildContext): Built {
  const built = SetValue.expecting(hash, members[0] ?? '', members.length);
  for (const member of members) if (!built.add(member)) return MALFORMED;
  return { kind: 'value', value: built };
}

function buildSortedSet({ members, scores }: RdbSortedSet, { hash }: BuildContext): Built {
  const built = new SortedSet(hash);
  members.forEach((member, i) => {
    built.set(member, scores[i] as number);
  });
  return built.size === members.length ? { kind: 'value', value: built } : MALFORMED;
}

function buildHash({ pairs, deadlines }: RdbHash, { hash, now }: BuildContext): Built {
  const built = new HashValue(hash);
  if (built.setAll(pairs) !== pairs.length / 2) return MALFORMED;
  deadlines?.forEach((deadline, i) => {
    const field = pairs[2 * i] as string;
    if (deadline > now) built.setDeadline(field, deadline);
    else if (deadline !== 0) built.delete(field);
  });
  return built.size === 0 ? GONE : { kind: 'value', value: built };
}

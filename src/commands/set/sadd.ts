import { SetValue } from '../../keyspace/set-value.ts';
import type { Args } from '../../resp/args.ts';
import { isError, type Reply } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { findAs, noteChange } from '../lookup.ts';

interface MembersRequest {
  readonly key: string;
  /** At least one. */
  readonly members: readonly string[];
}

interface SmoveRequest {
  readonly source: string;
  readonly destination: string;
  readonly member: string;
}

function parseMembers(args: Args): MembersRequest {
  return { key: args.string(1), members: readStrings(args, 2) };
}

function runSadd({ db }: RunContext, { key, members }: MembersRequest): Reply {
  const found = findAs(db, key, SetValue);
  if (isError(found)) return found;
  found?.expect(members.length);
  const set = found ?? SetValue.expecting(db.hash, members[0] ?? '', members.length);
  let added = 0;
  for (const member of members) if (set.add(member)) added++;
  if (found === undefined) db.set(key, set);
  else if (added > 0) db.touch(key);
  return added;
}

function runSrem({ db }: RunContext, { key, members }: MembersRequest): Reply {
  const set = findAs(db, key, SetValue);
  if (isError(set)) return set;
  if (set === undefined) return 0;
  let removed = 0;
  for (const member of members) if (set.remove(member)) removed++;
  if (removed > 0) noteChange(db, key, set);
  return removed;
}

function parseSmove(args: Args): SmoveRequest {
  return { source: args.string(1), destination: args.string(2), member: args.string(3) };
}

function runSmove({ db }: RunContext, { source, destination, member }: SmoveRequest): Reply {
  const from = findAs(db, source, SetValue);
  if (from === undefined || isError(from)) return from ?? 0;
  const to = findAs(db, destination, SetValue);
  if (isError(to)) return to;
  if (from === to) return from.has(member) ? 1 : 0;
  if (!from.remove(member)) return 0;
  noteChange(db, source, from);
  if (to === undefined) {
    const set = SetValue.expecting(db.hash, member, 1);
    set.add(member);
    db.set(destination, set);
  } else if (to.add(member)) {
    db.touch(destination);
  }
  return 1;
}

export const sadd: DataCommand = dataCommand<MembersRequest>({
  name: 'sadd',
  kind: 'write',
  arity: -3,
  flags: ['write', 'denyoom', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['insert'] }],
  group: 'set',
  since: '1.0.0',
  summary: 'Adds members to a set, which is made if it does not exist.',
  complexity: 'O(N) for N members given',
  syntax: 'key member [member ...]',
  parse: parseMembers,
  run: runSadd,
});

export const srem: DataCommand = dataCommand<MembersRequest>({
  name: 'srem',
  kind: 'write',
  arity: -3,
  flags: ['write', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['delete'] }],
  group: 'set',
  since: '1.0.0',
  summary: 'Removes members from a set; a set without members is deleted.',
  complexity: 'O(N) for N members given',
  syntax: 'key member [member ...]',
  parse: parseMembers,
  run: runSrem,
});

export const smove: DataCommand = dataCommand<SmoveRequest>({
  name: 'smove',
  kind: 'write',
  arity: 4,
  flags: ['write', 'fast'],
  keys: [
    { first: 1, last: 1, step: 1, access: 'RW', effects: ['access', 'delete'] },
    { first: 2, last: 2, step: 1, access: 'RW', effects: ['insert'] },
  ],
  group: 'set',
  since: '1.0.0',
  summary: 'Moves a member from one set to another.',
  complexity: 'O(1)',
  syntax: 'source destination member',
  parse: parseSmove,
  run: runSmove,
});

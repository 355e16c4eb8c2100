import type { Command, CommandFlag, CommandGroup } from './command.ts';

const OF_FLAG: Partial<Record<CommandFlag, readonly string[]>> = {
  write: ['write'],
  readonly: ['read'],
  admin: ['admin', 'dangerous'],
  pubsub: ['pubsub'],
  blocking: ['blocking'],
};

const OF_GROUP: Record<CommandGroup, readonly string[]> = {
  string: ['string'],
  generic: ['keyspace'],
  hash: ['hash'],
  list: ['list'],
  set: ['set'],
  'sorted-set': ['sortedset'],
  stream: ['stream'],
  bitmap: ['bitmap'],
  hyperloglog: ['hyperloglog'],
  geo: ['geo'],
  pubsub: [],
  transactions: ['transaction'],
  scripting: ['scripting'],
  connection: ['connection'],
  server: [],
  cluster: [],
  raft: [],
};

/** Categories that say which types of values a command is about. */
const TYPES: readonly string[] = [
  'string',
  'hash',
  'list',
  'set',
  'sortedset',
  'stream',
  'bitmap',
  'hyperloglog',
  'geo',
];

/** The ACL categories of a command, without the `@`. */
export function aclCategories(command: Command): readonly string[] {
  const categories = new Set<string>();
  for (const flag of command.flags) {
    for (const category of OF_FLAG[flag] ?? []) categories.add(category);
  }
  categories.add(command.flags.includes('fast') ? 'fast' : 'slow');
  const own = command.categories ?? [];
  const namesTypes = own.some((category) => TYPES.includes(category));
  // A name that does nothing itself belongs to no group of commands; nor does what is about several.
  if (!namesTypes && (command.kind !== 'container' || command.bare !== undefined)) {
    for (const category of OF_GROUP[command.group]) categories.add(category);
  }
  for (const category of own) categories.add(category);
  return [...categories];
}

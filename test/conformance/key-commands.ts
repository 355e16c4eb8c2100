import type { Draw } from './draw.ts';
import type { Generator, Step, Words } from './generator.ts';
import { scanOptions, TAKES_ALL } from './shared.ts';
import { spoilt } from './spoil.ts';

const PATTERNS = ['*', 'h*', '[a-h]*', '[^a-h]*', '??', '*{*', '\\s1', '[', '**1', '*1', ''];

function anyKeys(draw: Draw): string[] {
  return draw.several(4, () => draw.anyKey());
}

function expireCommand(name: string, unit: 'EX' | 'PX' | 'EXAT' | 'PXAT'): Generator {
  return {
    name: name.toLowerCase(),
    spoil: 'shape',
    make: (d) => [
      name,
      d.anyKey(),
      d.expiry(unit),
      ...d.some(0.15, ['NX'], ['XX'], ['gt'], ['LT']),
    ],
  };
}

/** Databases 0 to 2 are used, so that what is moved is met again. */
function database(draw: Draw): string {
  return draw.chance(0.05) ? draw.pick(['16', '-1', 'x', '1.5', '']) : String(draw.below(3));
}

/** A source whose elements may be numbers, and patterns that turn them into keys. */
function sorting(draw: Draw): string[] {
  const families = ['list', 'set', 'sorted-set', 'list'] as const;
  const by = draw.pick(['s*', 'h*->1', 'h*->m2', 'nosort', 's*', '*', 's*->', 'none*', 'h*->']);
  const get = draw.several(2, () => ['GET', draw.pick(['#', 's*', 'h*->1', 'h*->m3', '*', 'x'])]);
  return [
    draw.key(draw.pick(families)),
    ...draw.some(
      0.3,
      ['BY', by],
      ['LIMIT', draw.pick(['0', '1', '-1', draw.index()]), draw.index()],
      get,
      [draw.pick(['ASC', 'desc'])],
      ['ALPHA'],
      ['ALPHA'],
    ),
  ];
}

/** A sort that does not fail over elements that are no numbers. */
function alphabetical(draw: Draw): string[] {
  return [...sorting(draw), 'ALPHA'];
}

/** What is stored must be in one order only: elements of equal weight have none if sorted as text. */
function stored(draw: Draw): string[] {
  const words = draw.chance(0.5) ? sorting(draw) : alphabetical(draw);
  const isFree = draw.comparable && words.includes('BY') && words.includes('ALPHA');
  const kept = isFree ? words.filter((word) => word !== 'ALPHA') : words;
  return ['SORT', ...kept, 'STORE', draw.key('list')];
}

/** A dump is not the same everywhere, but restored it is. */
function restored(draw: Draw): Step {
  const key = draw.anyKey();
  const payload = draw.pick(['', 'x', '\x00\x03abc\x0a\x00\x00\x00\x00\x00\x00\x00\x00\x00']);
  return {
    commands: [
      ['DUMP', key],
      [
        'RESTORE',
        draw.anyKey(),
        draw.pick(['0', '-1', 'x']),
        payload,
        ...draw.maybe(0.4, 'REPLACE'),
      ],
    ],
  };
}

/** A sort leaves a sorted set in another form in Redis, so a copy is sorted. */
function ofCopy(draw: Draw, words: Words): Step {
  const [name = '', key = '', ...rest] = words;
  const sort = [name, 'copy', ...rest];
  return {
    commands: [
      ['COPY', key, 'copy', 'REPLACE'],
      draw.chance(0.05) ? spoilt(draw, sort, 'words') : sort,
      ['DEL', 'copy'],
    ],
  };
}

function random(): Step {
  return {
    commands: [['KEYS', '*'], ['RANDOMKEY']],
    valid: ([keys, key]) => Array.isArray(keys) && (keys.includes(key) || keys.length === 0),
  };
}

export const keyCommands: readonly Generator[] = [
  { name: 'del', weight: 4, make: (d) => ['DEL', ...anyKeys(d)] },
  { name: 'unlink', make: (d) => ['UNLINK', ...anyKeys(d)] },
  { name: 'exists', make: (d) => ['EXISTS', ...anyKeys(d)] },
  { name: 'touch', make: (d) => ['TOUCH', ...anyKeys(d)] },
  { name: 'type', make: (d) => ['TYPE', d.anyKey()] },
  { name: 'dbsize', make: () => ['DBSIZE'] },
  expireCommand('EXPIRE', 'EX'),
  expireCommand('PEXPIRE', 'PX'),
  expireCommand('EXPIREAT', 'EXAT'),
  expireCommand('PEXPIREAT', 'PXAT'),
  ...['TTL', 'PTTL', 'EXPIRETIME', 'PEXPIRETIME', 'PERSIST'].map(
    (name): Generator => ({ name: name.toLowerCase(), make: (d) => [name, d.anyKey()] }),
  ),
  { name: 'rename', make: (d) => ['RENAME', d.anyKey(), d.anyKey()] },
  { name: 'renamenx', make: (d) => ['RENAMENX', d.anyKey(), d.anyKey()] },
  {
    name: 'copy',
    weight: 2,
    make: (d) => ['COPY', d.anyKey(), d.anyKey(), ...d.some(0.3, ['DB', database(d)], ['REPLACE'])],
  },
  { name: 'move', make: (d) => ['MOVE', d.anyKey(), database(d)] },
  { name: 'select', make: (d) => ['SELECT', d.chance(0.5) ? '0' : database(d)] },
  {
    name: 'swapdb',
    breaksWatch: true,
    make: (d) => (d.chance(0.2) ? ['SWAPDB', database(d), database(d)] : ['DBSIZE']),
  },
  {
    name: 'object|encoding',
    weight: 2,
    make: (d) => ['OBJECT', 'ENCODING', d.anyKey()],
  },
  { name: 'object|refcount', make: (d) => ['OBJECT', 'REFCOUNT', d.anyKey()] },
  { name: 'object|freq', make: (d) => ['OBJECT', 'FREQ', d.anyKey()] },
  { name: 'object|idletime', make: (d) => ['OBJECT', 'IDLETIME', d.anyKey()] },
  { name: 'object|help', make: () => ['OBJECT', 'NOPE'] },
  { name: 'memory|usage', make: (d) => ['MEMORY', 'USAGE', d.anyKey()] },
  { name: 'keys', make: (d) => ['KEYS', d.pick(PATTERNS)] },
  {
    name: 'scan',
    spoil: 'shape',
    make: (d) => [
      'SCAN',
      '0',
      ...scanOptions(d),
      ...d.maybe(0.3, 'TYPE', d.pick(['hash', 'STRING', 'zset', 'stream', 'nope'])),
      ...TAKES_ALL,
    ],
  },
  { name: 'randomkey', make: random },
  { name: 'dump', make: (d) => ['DUMP', d.anyKey()] },
  { name: 'sort', weight: 2, make: (d) => ofCopy(d, ['SORT', ...sorting(d)]) },
  { name: 'sort', weight: 2, make: (d) => ofCopy(d, ['SORT', ...alphabetical(d)]) },
  {
    name: 'sort',
    weight: 2,
    make: (d) => ofCopy(d, stored(d)),
  },
  {
    name: 'sort_ro',
    make: (d) => ofCopy(d, ['SORT_RO', ...(d.chance(0.5) ? sorting(d) : alphabetical(d))]),
  },
  { name: 'restore', weight: 2, make: restored },
  {
    name: 'flushdb',
    breaksWatch: true,
    make: (d) => (d.chance(0.05) ? ['FLUSHDB', ...d.maybe(0.5, 'ASYNC')] : ['DBSIZE']),
  },
  {
    name: 'flushall',
    breaksWatch: true,
    make: (d) => (d.chance(0.03) ? ['FLUSHALL', ...d.maybe(0.5, 'sync')] : ['DBSIZE']),
  },
  {
    name: 'get',
    make: (d) => [d.pick(['NOPE', 'OBJECT', 'h', '']), ...d.maybe(0.5, 'a b', '\x00c')],
  },
];

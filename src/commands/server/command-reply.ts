import { MapReply, type Reply, SetReply, SimpleString } from '../../resp/reply.ts';
import { aclCategories } from '../categories.ts';
import type { Command, KeySpec } from '../command.ts';
import { type Argument, parseSyntax } from '../syntax.ts';

/** What COMMAND and COMMAND INFO tell of one command. */
export function infoReply(command: Command): Reply {
  const { first, last, step } = keyRange(command.keys ?? []);
  const subcommands = command.kind === 'container' ? command.subcommands : [];
  return [
    command.name,
    command.arity,
    simpleSet(command.flags),
    first,
    last,
    step,
    simpleSet(aclCategories(command).map((category) => `@${category}`)),
    new SetReply(command.tips ?? []),
    new SetReply((command.keys ?? []).map(keySpecReply)),
    subcommands.map(infoReply),
  ];
}

/** What COMMAND DOCS tells of one command. */
export function docsReply(command: Command): Reply {
  const pairs: [Reply, Reply][] = [
    ['summary', command.summary],
    ['since', command.since],
    ['group', command.group],
    ['complexity', command.complexity],
  ];
  if (command.deprecated !== undefined) {
    pairs.push(['doc_flags', simpleSet(['deprecated'])]);
    pairs.push(['deprecated_since', command.deprecated.since]);
    pairs.push(['replaced_by', command.deprecated.instead]);
  }
  const args = parseSyntax(command.syntax);
  if (args.length > 0) pairs.push(['arguments', argumentsReply(command, args)]);
  if (command.kind === 'container') {
    const docs = command.subcommands.map((sub): [Reply, Reply] => [sub.name, docsReply(sub)]);
    pairs.push(['subcommands', new MapReply(docs)]);
  }
  return new MapReply(pairs);
}

function argumentsReply(command: Command, args: readonly Argument[]): Reply {
  const specs = (command.keys ?? []).length;
  let key = 0;
  const describe = (argument: Argument): Reply => {
    const { name, type, token, parts } = argument;
    const isKey = type === 'key' && specs > 0;
    const pairs: [Reply, Reply][] = [
      ['name', name],
      ['type', type === 'key' && !isKey ? 'string' : type],
    ];
    if (isKey) pairs.push(['key_spec_index', Math.min(key++, specs - 1)]);
    if (token !== undefined) pairs.push(['token', token]);
    const flags: string[] = [];
    if (argument.optional) flags.push('optional');
    if (argument.multiple) flags.push('multiple');
    if (flags.length > 0) pairs.push(['flags', simpleSet(flags)]);
    if (parts.length > 0) pairs.push(['arguments', parts.map(describe)]);
    return new MapReply(pairs);
  };
  return args.map(describe);
}

/** What is done to the keys of a spec, as a set of words. */
export function keyFlagsReply(spec: Pick<KeySpec, 'access' | 'effects' | 'variable'>): SetReply {
  const words: string[] = [spec.access, ...(spec.effects ?? [])];
  if (spec.variable === true) words.push('variable_flags');
  return simpleSet(words);
}

/** The one range that older clients know: all ranges together where there are several. */
function keyRange(specs: readonly KeySpec[]): { first: number; last: number; step: number } {
  let range: { first: number; last: number; step: number } | undefined;
  for (const spec of specs) {
    if (!('first' in spec) || 'countAt' in spec) continue;
    if (range === undefined) range = { first: spec.first, last: spec.last, step: spec.step };
    else range = { first: range.first, last: spec.last, step: 1 };
  }
  return range ?? { first: 0, last: 0, step: 0 };
}

function keySpecReply(spec: KeySpec): Reply {
  const pairs: [Reply, Reply][] = [];
  if (spec.notes !== undefined) pairs.push(['notes', spec.notes]);
  pairs.push(['flags', keyFlagsReply(spec)], ['begin_search', beginSearch(spec)]);
  pairs.push(['find_keys', findKeys(spec)]);
  return new MapReply(pairs);
}

function beginSearch(spec: KeySpec): Reply {
  if ('unknown' in spec) return typed('unknown', []);
  if ('keyword' in spec) {
    return typed('keyword', [
      ['keyword', spec.keyword],
      ['startfrom', spec.startFrom],
    ]);
  }
  return typed('index', [['index', 'countAt' in spec ? spec.countAt : spec.first]]);
}

function findKeys(spec: KeySpec): Reply {
  if ('unknown' in spec) return typed('unknown', []);
  if ('countAt' in spec) {
    return typed('keynum', [
      ['keynumidx', 0],
      ['firstkey', spec.first - spec.countAt],
      ['keystep', spec.step],
    ]);
  }
  const isKeyword = 'keyword' in spec;
  return typed('range', [
    ['lastkey', spec.last < 0 || isKeyword ? spec.last : spec.last - spec.first],
    ['keystep', spec.step],
    ['limit', isKeyword ? spec.limit : 0],
  ]);
}

function typed(type: string, spec: readonly [Reply, Reply][]): Reply {
  return new MapReply([
    ['type', type],
    ['spec', new MapReply(spec)],
  ]);
}

function simpleSet(words: readonly string[]): SetReply {
  return new SetReply(words.map((word) => new SimpleString(word)));
}

/** One argument as COMMAND DOCS describes it. */
export interface Argument {
  /** Of a group: the names in it, joined. */
  readonly name: string;
  readonly type: ArgumentType;
  /** A word that stands before it, or that it is. */
  readonly token?: string;
  readonly optional: boolean;
  readonly multiple: boolean;
  /** Of a group: what it is made of, or what it is one of. */
  readonly parts: readonly Argument[];
}

export type ArgumentType =
  | 'string'
  | 'integer'
  | 'double'
  | 'pattern'
  | 'unix-time'
  | 'key'
  | 'pure-token'
  | 'oneof'
  | 'block';

const NAMES: Readonly<Record<'key' | 'pattern' | 'unix-time' | 'integer' | 'double', string>> = {
  key: 'key key1 key2 newkey source destination destkey sourcekey src dst storekey storedistkey',
  pattern: 'pattern',
  'unix-time': 'unix-time-seconds unix-time-milliseconds',
  integer:
    'bit client-id count cursor db decrement destination-db end entries-added entries-read ' +
    'frequency increment index index1 index2 len limit maxage milliseconds min-idle-time min-match-len ms ' +
    'num-matches numfields numkeys offset protover rank seconds start stop ttl version weight',
  double: 'height latitude longitude radius score timeout width',
};

const TYPES: ReadonlyMap<string, ArgumentType> = new Map(
  Object.entries(NAMES).flatMap(([type, names]) =>
    names.split(' ').map((name): [string, ArgumentType] => [name, type as ArgumentType]),
  ),
);

const ELLIPSIS = '...';

/**
 * Reads a syntax line: words in capitals are tokens, others stand for values, `[a | b]` is optional,
 * `<a | b>` is needed, and `a [a ...]` means one or more.
 */
export function parseSyntax(syntax: string): readonly Argument[] {
  const words = syntax.match(/[[\]<>|]|[^\s[\]<>|]+/g) ?? [];
  return readAlternatives(new Words(words))[0] ?? [];
}

class Words {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  peek(): string | undefined {
    return this.#words[this.#at];
  }

  next(): string | undefined {
    return this.#words[this.#at++];
  }
}

/** Sequences of arguments between bars, up to the bracket that closes them, which is taken too. */
function readAlternatives(words: Words): Argument[][] {
  const alternatives: Argument[][] = [[]];
  for (let word = words.next(); word !== undefined; word = words.next()) {
    const sequence = alternatives[alternatives.length - 1] ?? [];
    switch (word) {
      case ']':
      case '>':
        return alternatives;
      case '|':
        alternatives.push([]);
        break;
      case '[':
        addOptional(sequence, readAlternatives(words));
        break;
      case '<':
        sequence.push(groupOf(readAlternatives(words)));
        break;
      case ELLIPSIS:
        repeatLast(sequence);
        break;
      default:
        sequence.push(isToken(word) ? readToken(word, words) : valueNamed(word));
    }
  }
  return alternatives;
}

/** A token with the values that follow it. */
function readToken(token: string, words: Words): Argument {
  const values: Argument[] = [];
  for (let word = words.peek(); word !== undefined && isValue(word); word = words.peek()) {
    values.push(valueNamed(word));
    words.next();
  }
  const [first] = values;
  if (values.length === 1 && first !== undefined) return { ...first, token };
  if (values.length > 1) return { ...blockOf(values), token };
  if (words.peek() === '<') {
    words.next();
    return { ...groupOf(readAlternatives(words)), token };
  }
  return { ...valueNamed(token.toLowerCase()), type: 'pure-token', token };
}

/** Adds a group in square brackets: an option, or the news that what precedes it may be repeated. */
function addOptional(sequence: Argument[], alternatives: Argument[][]): void {
  const [only] = alternatives;
  if (alternatives.length === 1 && only !== undefined && repeats(sequence, only)) {
    const repeated = sequence.splice(sequence.length - only.length);
    sequence.push({ ...blockOf(repeated), multiple: true });
  } else {
    sequence.push({ ...groupOf(alternatives), optional: true });
  }
}

/** Whether `group`, which ends in an ellipsis, names again what `sequence` ends with. */
function repeats(sequence: readonly Argument[], group: readonly Argument[]): boolean {
  if (group[group.length - 1]?.multiple !== true) return false;
  const tail = sequence.slice(-group.length);
  return tail.length === group.length && namesOf(tail, ' ') === namesOf(group, ' ');
}

function repeatLast(sequence: Argument[]): void {
  const last = sequence.pop();
  if (last !== undefined) sequence.push({ ...last, multiple: true });
}

function groupOf(alternatives: readonly (readonly Argument[])[]): Argument {
  const parts = alternatives.filter((sequence) => sequence.length > 0).map(blockOf);
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  return { ...plain(namesOf(parts, '-or-'), 'oneof'), parts };
}

/** A sequence as one argument. */
function blockOf(sequence: readonly Argument[]): Argument {
  const [first] = sequence;
  if (sequence.length === 1 && first !== undefined) return first;
  return { ...plain(namesOf(sequence, '_'), 'block'), parts: sequence };
}

function valueNamed(word: string): Argument {
  return plain(word, TYPES.get(word) ?? 'string');
}

function plain(name: string, type: ArgumentType): Argument {
  return { name, type, optional: false, multiple: false, parts: [] };
}

function namesOf(sequence: readonly Argument[], separator: string): string {
  return sequence.map(({ name }) => name).join(separator);
}

/** Some signs stand for themselves, too. */
function isToken(word: string): boolean {
  return /^([A-Z][A-Z0-9_-]*|[=~*$])$/.test(word);
}

function isValue(word: string): boolean {
  return /^[a-z]/.test(word);
}

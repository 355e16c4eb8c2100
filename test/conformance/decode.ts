/** A reply as it came, of either protocol: its type byte and what it holds. */
export interface Decoded {
  readonly type: string;
  /** Of a line or a bulk; undefined of an aggregate and of what is null. */
  readonly text?: string;
  readonly items?: readonly Decoded[];
}

/** The reply that begins at `at`, which is there whole, and where the next one begins. */
export function decode(
  buffer: Buffer,
  at: number,
): { readonly reply: Decoded; readonly next: number } {
  const type = String.fromCharCode(buffer[at] ?? 0);
  const end = buffer.indexOf('\r\n', at, 'latin1');
  if (end === -1) throw new Error(`a reply ends at ${at}`);
  const line = buffer.latin1Slice(at + 1, end);
  const next = end + 2;
  switch (type) {
    case '$':
    case '=':
    case '!': {
      const length = Number(line);
      if (length < 0) return { reply: { type }, next };
      const text = buffer.latin1Slice(next, next + length);
      return { reply: { type, text }, next: next + length + 2 };
    }
    case '*':
    case '~':
    case '>':
    case '%':
      return aggregate(buffer, type, Number(line) * (type === '%' ? 2 : 1), next);
    case '_':
      return { reply: { type }, next };
    case '+':
    case '-':
    case ':':
    case ',':
    case '#':
    case '(':
      return { reply: { type, text: line }, next };
    default:
      throw new Error(`not a reply: ${JSON.stringify(buffer.latin1Slice(at, at + 40))}`);
  }
}

function aggregate(
  buffer: Buffer,
  type: string,
  count: number,
  start: number,
): { readonly reply: Decoded; readonly next: number } {
  if (count < 0) return { reply: { type }, next: start };
  const items: Decoded[] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    const { reply, next } = decode(buffer, at);
    items.push(reply);
    at = next;
  }
  return { reply: { type, items }, next: at };
}

/** The reply as a client of RESP2 has it; an error is an object with its text. */
export function simplified({ type, text, items }: Decoded): unknown {
  if (items !== undefined) return items.map(simplified);
  if (text === undefined) return null;
  if (type === '-') return { error: text };
  return type === ':' ? Number(text) : text;
}

/** On one line, for people. */
export function shown({ type, text, items }: Decoded): string {
  if (items !== undefined) return `${type}[${items.map(shown).join(' ')}]`;
  return text === undefined ? `${type}nil` : `${type}${JSON.stringify(text)}`;
}

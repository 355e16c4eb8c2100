import { assert } from '../base/assert.ts';
import type { Args } from '../resp/args.ts';
import { ErrorReply } from '../resp/reply.ts';
import type { Command, ContainerCommand, DataCommand, LocalCommand } from './command.ts';
import { wrongArity } from './errors.ts';

/** Redis shortens what it quotes in errors to this. */
const QUOTED_CHARS = 128;

/** Finds commands by name. */
export class CommandTable {
  readonly #commands: readonly Command[];
  readonly #names: NameIndex<Command>;
  readonly #internal: NameIndex<DataCommand>;
  readonly #subcommands: ReadonlyMap<Command, NameIndex<DataCommand | LocalCommand>>;

  /**
   * No two commands may have the same name. `internal` gives those that nodes send each other and
   * that stand in the log, and that no client knows.
   */
  constructor(
    commands: readonly Command[],
    internal: (table: CommandTable) => readonly DataCommand[] = () => [],
  ) {
    this.#commands = commands;
    this.#internal = new NameIndex(internal(this), (command) => command.name);
    this.#names = new NameIndex(commands, (command) => command.name);
    const subcommands = new Map<Command, NameIndex<DataCommand | LocalCommand>>();
    for (const command of commands) {
      if (command.kind !== 'container') continue;
      const index = new NameIndex(command.subcommands, (sub) =>
        sub.name.slice(command.name.length + 1),
      );
      subcommands.set(command, index);
    }
    this.#subcommands = subcommands;
  }

  /** The command whose name, in any case, is argument `i`. Containers are found as themselves. */
  lookup(args: Args, i = 0): Command | undefined {
    return this.#names.find(args.buffer, args.start(i), args.end(i));
  }

  /** The command with this name; sub-commands are named `client|id`. */
  get(name: string): Command | undefined {
    const bytes = Buffer.from(name, 'latin1');
    const bar = bytes.indexOf('|');
    if (bar === -1) return this.#names.find(bytes, 0, bytes.length);
    const container = this.#names.find(bytes, 0, bar);
    if (container === undefined) return undefined;
    return this.#subcommands.get(container)?.find(bytes, bar + 1, bytes.length);
  }

  /** All commands, without sub-commands, in the order they were given. */
  list(): readonly Command[] {
    return this.#commands;
  }

  /**
   * What a client that sends `args` means, sub-commands included, or the error that says it is
   * unknown. Whether there are enough arguments is for {@link arityError} to say.
   */
  resolve(args: Args): DataCommand | LocalCommand | ErrorReply {
    return this.#known(args) ?? unknownCommand(args);
  }

  /** The same for what comes from another node or stands in the log. */
  resolveInternal(args: Args): DataCommand | LocalCommand | ErrorReply {
    const known = this.#known(args);
    if (known !== undefined) return known;
    return this.#internal.find(args.buffer, args.start(0), args.end(0)) ?? unknownCommand(args);
  }

  #known(args: Args): DataCommand | LocalCommand | ErrorReply | undefined {
    const command = this.lookup(args);
    return command?.kind === 'container' ? this.#resolveSubcommand(command, args) : command;
  }

  /** The internal command with this name, which exists. */
  internal(name: string): DataCommand {
    const bytes = Buffer.from(name, 'latin1');
    const command = this.#internal.find(bytes, 0, bytes.length);
    assert(command !== undefined, 'an internal command is asked for by its name');
    return command;
  }

  #resolveSubcommand(
    container: ContainerCommand,
    args: Args,
  ): DataCommand | LocalCommand | ErrorReply {
    if (args.count === 1) return container.bare ?? wrongArity(container.name);
    const index = this.#subcommands.get(container);
    const found = index?.find(args.buffer, args.start(1), args.end(1));
    return found ?? unknownSubcommand(container, args);
  }
}

/** Null if the number of arguments suits the command. */
export function arityError(command: Command, args: Args): ErrorReply | null {
  const { arity } = command;
  const fits = arity >= 0 ? args.count === arity : args.count >= -arity;
  return fits ? null : wrongArity(command.name);
}

function unknownCommand(args: Args): ErrorReply {
  let quoted = '';
  for (let i = 1; i < args.count && quoted.length < QUOTED_CHARS; i++) {
    quoted += `'${quote(args, i, QUOTED_CHARS - quoted.length)}' `;
  }
  const name = quote(args, 0, QUOTED_CHARS);
  return new ErrorReply(`ERR unknown command '${name}', with args beginning with: ${quoted}`);
}

function unknownSubcommand(container: ContainerCommand, args: Args): ErrorReply {
  const name = quote(args, 1, QUOTED_CHARS);
  const help = `${container.name.toUpperCase()} HELP`;
  return new ErrorReply(`ERR unknown subcommand '${name}'. Try ${help}.`);
}

/** The beginning of an argument; a zero byte ends it, as it would end a string in C. */
function quote(args: Args, i: number, length: number): string {
  const start = args.start(i);
  const text = args.buffer.latin1Slice(start, Math.min(args.end(i), start + length));
  const zero = text.indexOf('\0');
  return zero === -1 ? text : text.slice(0, zero);
}

/** Open addressing over names of ASCII letters in lower case, looked up by bytes in any case. */
class NameIndex<T> {
  readonly #slots: (T | undefined)[];
  readonly #names: string[];
  readonly #mask: number;

  constructor(items: readonly T[], nameOf: (item: T) => string) {
    let capacity = 8;
    while (capacity < items.length * 4) capacity *= 2;
    this.#mask = capacity - 1;
    this.#slots = new Array<T | undefined>(capacity).fill(undefined);
    this.#names = new Array<string>(capacity).fill('');
    for (const item of items) {
      const name = nameOf(item);
      const bytes = Buffer.from(name, 'latin1');
      assert(name === name.toLowerCase(), 'commands are named in lower case');
      let at = hashName(bytes, 0, bytes.length) & this.#mask;
      while (this.#slots[at] !== undefined) {
        assert(this.#names[at] !== name, 'a command is in the table once');
        at = (at + 1) & this.#mask;
      }
      this.#slots[at] = item;
      this.#names[at] = name;
    }
  }

  find(buffer: Buffer, start: number, end: number): T | undefined {
    let at = hashName(buffer, start, end) & this.#mask;
    for (;;) {
      const item = this.#slots[at];
      if (item === undefined) return undefined;
      if (equalsName(this.#names[at] as string, buffer, start, end)) return item;
      at = (at + 1) & this.#mask;
    }
  }
}

/** Upper and lower case of a letter differ in this bit. */
const CASE_BIT = 0x20;

function hashName(buffer: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) {
    hash = Math.imul(hash ^ ((buffer[i] as number) | CASE_BIT), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}

function equalsName(name: string, buffer: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = 0; i < name.length; i++) {
    const byte = buffer[start + i] as number;
    const lower = byte >= 65 && byte <= 90 ? byte | CASE_BIT : byte;
    if (lower !== name.charCodeAt(i)) return false;
  }
  return true;
}

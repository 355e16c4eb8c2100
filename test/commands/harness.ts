import { asLogIndex, asMilliseconds, type Milliseconds } from '../../src/base/ids.ts';
import { Prng } from '../../src/base/prng.ts';
import type { DataCommand } from '../../src/commands/command.ts';
import { arityError, CommandTable } from '../../src/commands/command-table.ts';
import { dataCommands } from '../../src/commands/data-commands.ts';
import { internalCommands } from '../../src/commands/internal-commands.ts';
import { Keyspace } from '../../src/keyspace/keyspace.ts';
import { Args } from '../../src/resp/args.ts';
import {
  BooleanReply,
  DoubleReply,
  ErrorReply,
  isError,
  MapReply,
  NullArrayReply,
  PairsReply,
  type Reply,
  SetReply,
  SimpleString,
} from '../../src/resp/reply.ts';

const table = new CommandTable(dataCommands, internalCommands);

/** A keyspace with a clock of its own, on which commands run as they would at apply. */
export class Harness {
  readonly keyspace: Keyspace = new Keyspace();
  now: Milliseconds = asMilliseconds(1_700_000_000_000);
  selected = 0;
  #index = 0;
  #random = new Prng(1, 2);

  /** Runs a command and returns its reply as a RESP2 client would see it. */
  call(...words: readonly (string | Uint8Array)[]): unknown {
    return plain(this.reply(...words));
  }

  reply(...words: readonly (string | Uint8Array)[]): Reply {
    const args = Args.of(words);
    const command = table.resolveInternal(args);
    if (isError(command)) return command;
    const wrong = arityError(command, args);
    if (wrong !== null) return wrong;
    if (command.kind === 'local') throw new Error(`${command.name} is not a data command`);
    return this.#run(command, args);
  }

  #run(command: DataCommand, args: Args): Reply {
    const request = command.parse(args);
    // What parse returns must stand alone, so the bytes it came from are spoilt.
    args.buffer.fill(0xee);
    if (isError(request)) return request;
    if (command.kind === 'write') this.apply();
    return command.run(
      {
        keyspace: this.keyspace,
        db: this.keyspace.database(this.selected),
        now: this.now,
        random: () => this.#random,
      },
      request,
    );
  }

  /** Applies an entry that does nothing but carry the time. */
  apply(): void {
    this.keyspace.advance(this.now, asLogIndex(++this.#index));
  }

  /** Lets time pass and be noted in the log. */
  pass(milliseconds: number): void {
    this.now = asMilliseconds(this.now + milliseconds);
    this.apply();
  }
}

/** A reply as a RESP2 client sees it; an error is an object with its text. */
export function plain(reply: Reply): unknown {
  if (reply === null || typeof reply === 'string' || typeof reply === 'number') return reply;
  if (typeof reply === 'bigint') return reply;
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString('latin1');
  if (Array.isArray(reply)) return reply.map(plain);
  if (reply instanceof SimpleString) return reply.text;
  if (reply instanceof ErrorReply) return { error: reply.text };
  if (reply instanceof MapReply) {
    return reply.isNested
      ? reply.pairs.map((pair) => pair.map(plain))
      : reply.pairs.flat().map(plain);
  }
  if (reply instanceof SetReply) return reply.items.map(plain);
  if (reply instanceof PairsReply) return reply.items.map(plain);
  if (reply instanceof NullArrayReply) return null;
  if (reply instanceof DoubleReply) return reply.text ?? String(reply.value);
  if (reply instanceof BooleanReply) return reply.value ? 1 : 0;
  throw new Error('a reply of a kind no data command gives');
}

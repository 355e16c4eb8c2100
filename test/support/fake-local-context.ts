import { arityError, CommandTable } from '../../src/commands/command-table.ts';
import { dataCommands } from '../../src/commands/data-commands.ts';
import type {
  ClientFacts,
  ClusterFacts,
  Deferred,
  HostPort,
  LocalContext,
  LocalNode,
  LocalSession,
  LocalTransactions,
  RaftAdmin,
  ReplyMode,
  ShutdownMode,
} from '../../src/commands/local.ts';
import { DEFERRED } from '../../src/commands/local.ts';
import { localCommands } from '../../src/commands/local-commands.ts';
import { Args } from '../../src/resp/args.ts';
import { ReplyWriter } from '../../src/resp/encoder.ts';
import { ErrorReply, isError, OK, type Reply } from '../../src/resp/reply.ts';
import { FakeFacilities } from './fake-facilities.ts';
import { fakeClient, fakeCluster } from './fake-facts.ts';

export class FakeSession implements LocalSession {
  readonly id = 7;
  name = '';
  libraryName = '';
  libraryVersion = '';
  db = 0;
  protocol: 2 | 3 = 2;
  readonly user = 'default';
  authenticated = true;
  readOnly = false;
  replyMode: ReplyMode = 'on';
  noEvict = false;
  noTouch = false;
  closing = false;
  resets = 0;

  closeAfterReply(): void {
    this.closing = true;
  }

  reset(): void {
    this.resets++;
  }
}

/** Notes what it is asked for in `calls`, one text per call, and answers what its fields say. */
export class FakeAdmin implements RaftAdmin {
  readonly calls: string[] = [];
  state: ErrorReply | null = null;
  leader: ErrorReply | null = null;
  uninitialized: ErrorReply | null = null;
  used: readonly number[] = [];
  nodes: readonly number[] = [1, 2, 3];
  /** What running a command locally answers. */
  local: Reply = OK;

  stateError(): ErrorReply | null {
    return this.state;
  }

  leaderError(): ErrorReply | null {
    return this.leader;
  }

  uninitializedError(): ErrorReply | null {
    return this.uninitialized;
  }

  init(clusterId: string | null, done: (reply: Reply) => void): void {
    this.calls.push(`init ${clusterId}`);
    done(OK);
  }

  join(addresses: readonly HostPort[], done: (reply: Reply) => void): void {
    this.calls.push(`join ${addresses.map(({ host, port }) => `${host} ${port}`).join(', ')}`);
    done(OK);
  }

  addNode(id: number, address: HostPort, done: (reply: Reply) => void): void {
    this.calls.push(`add ${id} ${address.host} ${address.port}`);
    done(OK);
  }

  removeNode(id: number, done: (reply: Reply) => void): void {
    this.calls.push(`remove ${id}`);
    done(OK);
  }

  transferLeader(id: number, done: (reply: Reply) => void): void {
    this.calls.push(`transfer ${id}`);
    done(OK);
  }

  timeoutNow(): Reply {
    this.calls.push('timeout');
    return OK;
  }

  nodeShutdown(id: number): ErrorReply | null {
    this.calls.push(`shutdown ${id}`);
    return id === 1 ? null : new ErrorReply('invalid node id');
  }

  acceptPeer(hello: string): Reply | Deferred {
    this.calls.push(`peer ${hello}`);
    return DEFERRED;
  }

  usedNodeIds(): readonly number[] {
    return this.used;
  }

  overrideNode(id: number, flags: { voting?: boolean; active?: boolean }): boolean {
    this.calls.push(`override ${id} ${JSON.stringify(flags)}`);
    return this.nodes.includes(id);
  }

  digest(): { readonly digest: string; readonly applied: number } {
    return { digest: 'd'.repeat(40), applied: 12 };
  }

  executeLocally(args: Args): Reply {
    this.calls.push(`execute ${args.strings().join(' ')}`);
    return this.local;
  }
}

export class FakeNode extends FakeFacilities implements LocalNode {
  readonly admin: FakeAdmin = new FakeAdmin();
  readonly calls: string[] = [];
  readonly databases = 16;
  readonly version = '0.1.0';
  readonly redisVersion = '7.4.0';
  password: string | null = null;
  clock = 1_700_000_000_123.456;
  role: 'leader' | 'follower' | 'other' = 'leader';
  facts: ClusterFacts = fakeCluster();
  lastApplied = 42;
  connections: ClientFacts[] = [fakeClient({ id: 7 })];
  /** What the next call that may be refused is answered. */
  refusal: ErrorReply | null = null;

  wallClock(): number {
    return this.clock;
  }

  get passwordRequired(): boolean {
    return this.password !== null;
  }

  checkPassword(user: string, password: string): boolean {
    return user === 'default' && password === this.password;
  }

  info(sections: readonly string[]): string {
    return `# Sections\r\nasked:${sections.join(',')}\r\n`;
  }

  cluster(): ClusterFacts {
    return this.facts;
  }

  followers(): readonly (readonly [string, number, number])[] {
    return [
      ['10.0.0.2', 6380, 41],
      ['10.0.0.3', 6381, 0],
    ];
  }

  clients(): readonly ClientFacts[] {
    return this.connections;
  }

  killClient(id: number, self: LocalSession): boolean {
    this.calls.push(`kill ${id}`);
    if (id === self.id) self.closeAfterReply();
    return true;
  }

  unblockClient(id: number): boolean {
    return id === 99;
  }

  configGet(patterns: readonly string[]): readonly (readonly [string, string])[] {
    return patterns.map((pattern) => [pattern, `value of ${pattern}`]);
  }

  configSet(pairs: readonly (readonly [string, string])[]): ErrorReply | null {
    this.calls.push(`set ${pairs.map(([name, value]) => `${name}=${value}`).join(' ')}`);
    return this.refusal;
  }

  configRewrite(): ErrorReply | null {
    this.calls.push('rewrite');
    return this.refusal;
  }

  resetStatistics(): void {
    this.calls.push('reset');
  }

  legacyConfigGet(pattern: string): readonly (readonly [string, string])[] {
    return pattern === 'raft-*'
      ? [
          ['raft-interval', '100'],
          ['raft-log-fsync', 'yes'],
        ]
      : [];
  }

  legacyConfigSet(name: string, value: string | null): ErrorReply | null {
    this.calls.push(`legacy ${name}=${value}`);
    return value === null ? new ErrorReply(`ERR '${name}' requires a value`) : this.refusal;
  }

  legacyRaftInfo(): string {
    return '# Raft\r\nnode_id:1\r\n';
  }

  shutdown(mode: ShutdownMode): void {
    this.calls.push(`shutdown ${JSON.stringify(mode)}`);
  }

  abortShutdown(): ErrorReply | null {
    this.calls.push('abort');
    return this.refusal;
  }
}

/** A connection of a node, both made up, on which commands run as the dispatcher runs them. */
export class FakeContext implements LocalContext {
  readonly table: CommandTable = new CommandTable([...dataCommands, ...localCommands]);
  readonly session: FakeSession = new FakeSession();
  readonly node: FakeNode = new FakeNode();
  /** Replies that came later, and commands that were sent through the log. */
  readonly later: Reply[] = [];
  readonly logged: string[] = [];

  defer(): (reply: Reply) => void {
    return (reply) => this.later.push(reply);
  }

  readonly transactions: LocalTransactions = {
    begin: () => OK,
    exec: () => DEFERRED,
    discard: () => OK,
    watch: () => DEFERRED,
    unwatch: () => OK,
  };

  internal(args: Args): Reply | Deferred {
    return this.explicit(args);
  }

  explicit(args: Args): Reply | Deferred {
    this.logged.push(args.strings().join(' '));
    return DEFERRED;
  }

  call(...words: readonly string[]): Reply | Deferred {
    const args = Args.of(words);
    const command = this.table.resolve(args);
    if (isError(command)) return command;
    const wrong = arityError(command, args);
    if (wrong !== null) return wrong;
    if (command.kind !== 'local') throw new Error(`${command.name} is not a local command`);
    return command.run(this, args);
  }

  /** The same for words parted by blanks; returns the bytes sent as latin1, or `(later)`. */
  wire(line: string): string {
    return this.encode(this.call(...line.split(' ')));
  }

  encode(reply: Reply | Deferred): string {
    if (reply === DEFERRED) return '(later)';
    const writer = new ReplyWriter();
    writer.write(reply as Reply, this.session.protocol);
    return writer.buffer.latin1Slice(0, writer.length);
  }
}

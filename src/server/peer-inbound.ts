import { Ajv } from 'ajv';
import type { Logger } from '../base/logger.ts';
import { FrameReader, helloNode, type PeerHello } from '../replica/frame.ts';
import { ErrorReply } from '../resp/reply.ts';
import type { Node } from './node.ts';

const validate = new Ajv({ allErrors: false }).compile<PeerHello>({
  type: 'object',
  additionalProperties: false,
  required: ['version', 'clusterId', 'from', 'to', 'host', 'port', 'purpose'],
  properties: {
    version: { const: 1 },
    clusterId: { type: 'string', minLength: 32, maxLength: 32 },
    from: { type: 'integer', minimum: 1, maximum: 2147483647 },
    to: { type: 'integer', minimum: 1, maximum: 2147483647 },
    host: { type: 'string', minLength: 1, maxLength: 255 },
    port: { type: 'integer', minimum: 1, maximum: 65535 },
    purpose: { enum: ['consensus', 'proxy', 'snapshot'] },
  },
});

/** The argument of RAFT.PEER, checked; or why the link is refused. */
export function readHello(text: string, node: Node): PeerHello | ErrorReply {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return new ErrorReply('ERR hello is not JSON');
  }
  if (!validate(value)) {
    const problem = validate.errors?.[0];
    return new ErrorReply(`ERR hello${problem?.instancePath ?? ''} ${problem?.message ?? ''}`);
  }
  const { replica } = node;
  if (replica === null) {
    return new ErrorReply(
      node.state === 'joining'
        ? 'NOCLUSTER No Raft Cluster (joining now)'
        : 'NOCLUSTER No Raft Cluster',
    );
  }
  if (value.clusterId !== replica.clusterId) {
    return new ErrorReply(`ERR this node belongs to cluster ${replica.clusterId}`);
  }
  if (value.to !== replica.self) return new ErrorReply(`ERR this is node ${replica.self}`);
  const from = helloNode(value);
  const gone = replica.usedIds.has(from) && replica.member(from) === undefined;
  // Ids are never used twice: a node that was once in and is not in any more was removed for good.
  if (gone && replica.roster.isCommittedNonMember(from))
    return new ErrorReply('REMOVED not a member any more');
  return value;
}

/** A link on which another node sends its consensus messages. */
export class PeerInbound {
  readonly #hello: PeerHello;
  readonly #node: Node;
  readonly #reader = new FrameReader();
  readonly #close: () => void;
  readonly #logger: Logger;

  constructor(setup: { hello: PeerHello; node: Node; close: () => void; logger: Logger }) {
    this.#hello = setup.hello;
    this.#node = setup.node;
    this.#close = setup.close;
    this.#logger = setup.logger;
    setup.node.replica?.roster.met(setup.hello);
  }

  data(chunk: Buffer): void {
    this.#reader.push(chunk);
    for (;;) {
      const frame = this.#reader.next();
      if (frame === null) break;
      if (frame === 'malformed') {
        this.#logger.warning(`node ${this.#hello.from} sent a malformed frame`);
        this.#close();
        return;
      }
      const { replica } = this.#node;
      if (replica !== null && !replica.receive(helloNode(this.#hello), frame)) {
        this.#close();
        return;
      }
    }
    if (this.#reader.isWaiting) this.#node.replica?.receivingFrom(helloNode(this.#hello));
  }

  drained(): void {}

  closed(): void {}
}

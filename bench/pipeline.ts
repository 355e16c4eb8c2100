import net from 'node:net';
import { encodeCommand } from '../src/resp/command-encoder.ts';

const MARKER = 'the-end-of-this-batch';
const MARKER_REPLY: Buffer = Buffer.from(`$${MARKER.length}\r\n${MARKER}\r\n`, 'latin1');
const ASK_MARKER: Buffer = encodeCommand(['PING', MARKER]);

/** Commands encoded to be sent at once, with a last one whose reply shows that all are done. */
export function batchOf(commands: readonly (readonly string[])[]): Buffer {
  return Buffer.concat([...commands.map((words) => encodeCommand(words)), ASK_MARKER]);
}

/**
 * Drives a server with ready-made bytes and looks at nothing of the replies but their end, so that
 * the client takes little of the machine.
 */
export class Pipeline {
  readonly #socket: net.Socket;
  /** The last bytes received, in case the end comes in two pieces. */
  #tail: Buffer = Buffer.alloc(0);
  #done: (() => void) | null = null;
  #failed: ((error: Error) => void) | null = null;

  constructor(port: number) {
    this.#socket = net.connect({ port, host: '127.0.0.1' });
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk) => this.#receive(chunk));
    this.#socket.on('error', (error) => this.#failed?.(error));
    this.#socket.on('close', () => this.#failed?.(new Error('The server closed the connection')));
  }

  /** Sends one batch and waits until all of it is answered. */
  run(batch: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#done = resolve;
      this.#failed = reject;
      this.#tail = Buffer.alloc(0);
      this.#socket.write(batch);
    });
  }

  close(): void {
    this.#failed = null;
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    const { length } = MARKER_REPLY;
    this.#tail =
      chunk.length >= length
        ? chunk.subarray(-length)
        : Buffer.concat([this.#tail, chunk]).subarray(-length);
    if (this.#tail.equals(MARKER_REPLY)) this.#done?.();
  }
}

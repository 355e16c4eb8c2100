import { ReplyWriter } from '../../src/resp/encoder.ts';
import type { Reply } from '../../src/resp/reply.ts';
import { ReplyParser } from '../../src/resp/reply-parser.ts';
import type { World } from '../../src/world/world.ts';
import { freePort } from './real-cluster.ts';

/** What a scripted node does with a command: answers, hangs up, or says nothing at all. */
export type Scripted = Reply | 'hang up' | 'silence';

/** Listens as a node would, and does with every command what a test says. Returns where. */
export async function scriptedNode(
  world: World,
  script: (words: readonly string[]) => Scripted,
  teardown: (close: () => void) => void,
): Promise<string> {
  const port = await freePort();
  await new Promise<void>((resolve, reject) => {
    const listener = world.network.listen(
      { host: '127.0.0.1', port },
      {
        ready: (error) => (error === null ? resolve() : reject(error)),
        accepted: (socket) => {
          // A command has the form of an array of bulk strings.
          const parser = new ReplyParser();
          return {
            data: (chunk) => {
              parser.push(chunk);
              for (let next = parser.next(); next.kind === 'reply'; next = parser.next()) {
                const words = Array.isArray(next.reply) ? next.reply.map(String) : [];
                const reply = script(words);
                if (reply === 'silence') continue;
                if (reply === 'hang up') {
                  socket.destroy();
                  return;
                }
                const writer = new ReplyWriter();
                writer.write(reply, 2);
                socket.write(Buffer.from(writer.buffer.subarray(0, writer.length)));
              }
            },
            closed: () => {},
          };
        },
      },
    );
    teardown(() => listener.close());
  });
  return `127.0.0.1:${port}`;
}

import { asTerm } from '../../src/base/ids.ts';
import type { TransferMessage } from '../../src/replica/image/transfer-frames.ts';
import type { ImageEntry } from '../../src/world/image-store.ts';
import type { Socket } from '../../src/world/world.ts';
import { Simulation } from '../sim/sim-world.ts';
import { FollowerSide, hello } from './image-nodes.ts';
import { type SampleImage, Speaker } from './image-transfer.ts';

/** The sender's side of a link, played by a test. */
export class ScriptedSender extends Speaker {
  isClosed = false;
  isPaused = false;

  constructor(follower: FollowerSide, from: number) {
    super((pieces) => {
      if (!this.isClosed) link.data(Buffer.concat(pieces));
    });
    const socket: Socket = {
      ...{ remote: { host: '', port: 0 }, local: { host: '', port: 0 }, buffered: 0 },
      write: (bytes) => this.#hear(bytes),
      writev: (pieces) => this.#hear(Buffer.concat(pieces)),
      pause: () => {
        this.isPaused = true;
      },
      resume: () => {
        this.isPaused = false;
      },
      end: () => {},
      destroy: () => {
        this.isClosed = true;
      },
      setKeepAlive: () => {},
    };
    const link = follower.receiver.accept(hello(from, 2), socket);
  }

  #hear(bytes: Uint8Array): true {
    this.data(Buffer.from(bytes));
    return true;
  }

  offer({ stored }: SampleImage, term = 3): void {
    this.say({ kind: 'offer', term: asTerm(term), stored });
  }

  chunk(number: number, entries: readonly ImageEntry[]): void {
    this.say({ kind: 'chunk', number, entries });
  }

  get last(): TransferMessage | undefined {
    return this.heard.at(-1);
  }
}

export interface ReceiverBench {
  readonly simulation: Simulation;
  follower: FollowerSide;
  sender: ScriptedSender;
}

export function receiverBench(from = 1): ReceiverBench {
  const simulation = new Simulation({ seed: 1 });
  const follower = new FollowerSide(simulation, simulation.machine('follower'));
  return { simulation, follower, sender: new ScriptedSender(follower, from) };
}

/** Lets happen what happens within some milliseconds. */
export function pass(b: ReceiverBench, milliseconds = 200): void {
  b.simulation.run(b.simulation.now + milliseconds);
}

/** The sender's part from the offer up to the end, in chunks of ten. */
export function sendAll(b: ReceiverBench, image: SampleImage): void {
  b.sender.offer(image);
  pass(b);
  const want = b.sender.last;
  if (want?.kind !== 'want') throw new Error(`${want?.kind} instead of want`);
  const after = want.after;
  const rest = image.entries.filter(({ key }) => after === null || key.compare(after) > 0);
  let number = 0;
  for (let i = 0; i < rest.length; i += 10) b.sender.chunk(++number, rest.slice(i, i + 10));
  b.sender.say({ kind: 'end', number });
  pass(b);
}

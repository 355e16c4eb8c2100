import type { Address, Listener, Socket, SocketEvents, World } from '../../src/world/world.ts';
import type { SimMachine } from './sim-machine.ts';
import type { Simulation } from './sim-world.ts';

/** One end of a connection that writes down all that happens to it. */
export class Recorder implements SocketEvents {
  socket: Socket | null = null;
  text = '';
  chunks = 0;
  isConnected = false;
  drains = 0;
  /** 'in order' or the code of the error; one for each time that `closed` was called. */
  readonly closes: string[] = [];
  onData: (chunk: Buffer) => void = () => {};

  connected(): void {
    this.isConnected = true;
  }

  data(chunk: Buffer): void {
    this.text += chunk.toString('latin1');
    this.chunks += 1;
    this.onData(chunk);
  }

  drained(): void {
    this.drains += 1;
  }

  closed(error: Error | null): void {
    this.closes.push(error === null ? 'in order' : String((error as NodeJS.ErrnoException).code));
  }

  write(text: string): boolean {
    return this.socket?.write(Buffer.from(text, 'latin1')) ?? false;
  }
}

/** Listens, and records every connection; `onAccept` may set up the recorder. */
export function recordAll(
  world: World,
  at: Address,
  onAccept: (recorder: Recorder) => void = () => {},
): { readonly accepted: Recorder[]; readonly ready: string[]; readonly listener: Listener } {
  const accepted: Recorder[] = [];
  const ready: string[] = [];
  const listener = world.network.listen(at, {
    ready: (error) =>
      ready.push(error === null ? 'ok' : ((error as NodeJS.ErrnoException).code ?? '')),
    accepted: (socket) => {
      const recorder = new Recorder();
      recorder.socket = socket;
      accepted.push(recorder);
      onAccept(recorder);
      return recorder;
    },
  });
  return { accepted, ready, listener };
}

export function connect(world: World, to: Address): Recorder {
  const recorder = new Recorder();
  recorder.socket = world.network.connect(to, recorder);
  return recorder;
}

export interface Pair {
  readonly a: SimMachine;
  readonly b: SimMachine;
  /** The connecting end, on a. */
  readonly near: Recorder;
  /** The accepting end, on b. */
  readonly far: Recorder;
}

/** Two machines, a and b, and a connection that stands. */
export function connectedPair(simulation: Simulation): Pair {
  const a = simulation.machine('a');
  const b = simulation.machine('b');
  const { accepted } = recordAll(b.world, { host: 'b', port: 7000 });
  const near = connect(a.world, { host: 'b', port: 7000 });
  simulation.run(() => near.isConnected && accepted.length === 1, { maxEvents: 10_000 });
  const [far] = accepted;
  if (far === undefined) throw new Error('no connection was accepted');
  return { a, b, near, far };
}

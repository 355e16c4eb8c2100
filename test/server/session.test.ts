import t from 'tap';
import { EncodedReply, type Reply } from '../../src/resp/reply.ts';
import { Session } from '../../src/server/session.ts';
import type { SessionHost, Transport } from '../../src/server/session-host.ts';
import { SLOT_ELSEWHERE, SLOT_READ, SLOT_WRITE, Slot } from '../../src/server/slot.ts';

class Host implements SessionHost {
  ready = false;
  closed = 0;
  readonly log: string[] = [];
  readonly ran: Slot[] = [];
  runRead(slot: Slot): Reply {
    this.ran.push(slot);
    return 'read';
  }
  readIsReady(): boolean {
    return this.ready;
  }
  runForced(): Reply {
    return null;
  }
  dirty(): void {}
  countError(): void {}
  unblock(): void {}
  notice(text: string): void {
    this.log.push(text);
  }
}

function session(): { host: Host; session: Session } {
  const host = new Host();
  const transport: Transport = {
    kind: 'socket',
    flush: () => {},
    close: () => {
      host.closed++;
    },
    hold: () => {},
    release: () => {},
  };
  return { host, session: new Session({ id: 1, host, transport, authenticated: true }) };
}

t.test('reads before an applied write run, those behind it wait', async (t) => {
  const { host, session: client } = session();
  const [first, second] = [new Slot(client, SLOT_READ), new Slot(client, SLOT_READ)];
  const write = new Slot(client, SLOT_WRITE);
  for (const slot of [first, write, second]) client.enqueue(slot);
  write.beforeApply();
  t.same(
    host.ran.map((slot) => slot === first),
    [true],
  );
  client.finish(write, 1);
  t.ok(client.hasWaitingRead);
  host.ready = true;
  client.drain();
  t.notOk(client.hasWaitingRead);
  t.equal(client.pending, 0);
  t.equal(client.out.view().toString(), '$4\r\nread\r\n:1\r\n$4\r\nread\r\n');
});

t.test('applied writes cost the same however many commands wait before them', async (t) => {
  const { session: client } = session();
  client.enqueue(new Slot(client, SLOT_ELSEWHERE));
  const writes = Array.from({ length: 60_000 }, () => new Slot(client, SLOT_WRITE));
  for (const write of writes) client.enqueue(write);
  const start = performance.now();
  for (const write of writes) write.beforeApply();
  t.ok(performance.now() - start < 500, 'a scan of all that wait would take seconds');
});

t.test('a reply too large for any buffer closes the connection, not the node', async (t) => {
  const { host, session: client } = session();
  client.reply('before');
  const { length } = client.out;
  client.out.raw = (): void => {
    throw new RangeError('no buffer is so large');
  };
  client.reply(['begun', new EncodedReply(Buffer.alloc(8))]);
  t.equal(client.out.length, length, 'nothing of it is sent');
  t.equal(host.closed, 1);
  t.match(host.log, [/too large/]);
});

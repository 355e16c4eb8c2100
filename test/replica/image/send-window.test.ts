import t from 'tap';
import { MAX_WINDOW_BYTES, SendWindow } from '../../../src/replica/image/send-window.ts';

t.test('chunks are numbered, and counted until they are acknowledged', (t) => {
  const window = new SendWindow();
  t.ok(window.isEmpty);
  t.same([window.add(10), window.add(20), window.add(30)], [1, 2, 3]);
  t.equal(window.hasRoom(3), false);
  t.equal(window.hasRoom(4), true);
  t.equal(window.acknowledge(2), 30);
  t.equal(window.hasRoom(2), true);
  t.equal(window.isEmpty, false);
  t.equal(window.acknowledge(3), 30);
  t.ok(window.isEmpty);
  t.end();
});

t.test('bytes are bounded whatever the count may be', (t) => {
  const window = new SendWindow();
  window.add(MAX_WINDOW_BYTES - 1);
  t.equal(window.hasRoom(1000), true);
  window.add(1);
  t.equal(window.hasRoom(1000), false);
  window.acknowledge(1);
  t.equal(window.hasRoom(1000), true);
  t.end();
});

t.test('numbers begin anew on another link', (t) => {
  const window = new SendWindow();
  window.add(10);
  window.reset();
  t.ok(window.isEmpty);
  t.equal(window.add(5), 1);
  t.end();
});

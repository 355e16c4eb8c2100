import t from 'tap';
import { formatTime, Logger, type LogLevel } from '../../src/base/logger.ts';

function logger(level: LogLevel, time: number, offset?: number): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  const log = new Logger({
    pid: 42,
    wall: () => time,
    ...(offset === undefined ? {} : { offset: () => offset }),
    write: (line) => lines.push(line),
    level,
    role: () => 'M',
  });
  return { log, lines };
}

const TIME = Date.UTC(2026, 10, 20, 22, 51, 44, 7);

t.test('a line has the form of Redis', (t) => {
  const { log, lines } = logger('debug', TIME);
  log.debug('a');
  log.verbose('b');
  log.notice('c');
  log.warning('d');
  t.same(lines, [
    '42:M 20 Nov 2026 22:51:44.007 . a',
    '42:M 20 Nov 2026 22:51:44.007 - b',
    '42:M 20 Nov 2026 22:51:44.007 * c',
    '42:M 20 Nov 2026 22:51:44.007 # d',
  ]);
  t.end();
});

t.test('lines below the level are dropped', (t) => {
  const { log, lines } = logger('warning', TIME);
  log.notice('a');
  log.warning('b');
  log.level = 'nothing';
  log.warning('c');
  log.level = 'verbose';
  log.debug('d');
  log.verbose('e');
  t.same(
    lines.map((line) => line.slice(-1)),
    ['b', 'e'],
  );
  t.ok(log.enabled('notice'));
  t.notOk(log.enabled('debug'));
  t.end();
});

t.test('times are local when the offset is given', (t) => {
  const { log, lines } = logger('notice', TIME, 330);
  log.notice('a');
  t.same(lines, ['42:M 21 Nov 2026 04:21:44.007 * a']);
  t.end();
});

t.test('a text of several lines stays one line', (t) => {
  const { log, lines } = logger('notice', TIME);
  log.notice('a\r\n43:M b\n');
  t.equal(lines.length, 1);
  t.notMatch(lines[0], /[\r\n]/);
  t.end();
});

t.test('dates agree with the calendar of the machine', (t) => {
  const HOUR = 3_600_000;
  const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
  const expected = (time: number): string => {
    const [date = '', clock = ''] = new Date(time).toISOString().split('T');
    const [year = '', month = '', day = ''] = date.split('-');
    return `${day} ${months[Number(month) - 1]} ${year} ${clock.slice(0, -1)}`;
  };
  let wrong = 0;
  for (let time = -HOUR; time < Date.UTC(2405, 0); time += 37 * HOUR + 1234) {
    if (formatTime(time) !== expected(time)) wrong++;
  }
  t.equal(wrong, 0);
  t.equal(formatTime(Date.UTC(2000, 1, 29)), '29 Feb 2000 00:00:00.000');
  t.end();
});

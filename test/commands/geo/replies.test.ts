import t from 'tap';
import {
  distanceReply,
  formatCoordinate,
  positionReply,
} from '../../../src/commands/geo/replies.ts';
import { plain } from '../harness.ts';

t.test('coordinates have up to 17 places and no zeros at the end', async (t) => {
  t.equal(formatCoordinate(13.361389338970184), '13.36138933897018433');
  t.equal(formatCoordinate(180), '180');
  t.equal(formatCoordinate(-0.5), '-0.5');
  t.equal(formatCoordinate(100), '100');
  t.equal(formatCoordinate(0), '0');
  t.equal(formatCoordinate(-1e-20), '0');
});

t.test('a coordinate halfway between two of 17 places gets an even digit', async (t) => {
  t.equal(formatCoordinate(2 ** -18), '0.00000381469726562');
  t.equal(formatCoordinate(3 * 2 ** -18), '0.00001144409179688');
  t.equal(formatCoordinate(-(2 ** -18)), '-0.00000381469726562');
});

t.test('a position is a pair, a distance has four places', async (t) => {
  t.same(plain(positionReply({ longitude: 1.5, latitude: -2 })), ['1.5', '-2']);
  t.equal(distanceReply(166274.15156960033), '166274.1516');
  t.equal(distanceReply(0), '0.0000');
});

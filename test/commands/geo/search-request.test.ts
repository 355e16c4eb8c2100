import t from 'tap';
import {
  parseSearch,
  type SearchForm,
  type SearchRequest,
} from '../../../src/commands/geo/search-request.ts';
import { Args } from '../../../src/resp/args.ts';

const SEARCH: SearchForm = { family: 'geosearch', store: false };
const STORE: SearchForm = { family: 'geosearch', store: true };
const RADIUS: SearchForm = { family: 'georadius', store: true };
const MEMBER: SearchForm = { family: 'georadiusbymember', store: false };

function parse(line: string, form: SearchForm = SEARCH): SearchRequest {
  return parseSearch(Args.of(line.split(' ')), form);
}

function errorOf(line: string, form: SearchForm = SEARCH): string | undefined {
  return parse(line, form).error?.text;
}

t.test('center, extent and options come in any order', async (t) => {
  t.match(parse('GEOSEARCH k ASC BYRADIUS 5 km COUNT 3 FROMLONLAT 1 2 WITHDIST'), {
    key: 'k',
    center: { longitude: 1, latitude: 2 },
    extent: { kind: 'circle', radius: 5, toMetres: 1000 },
    wanted: { order: 'nearest', count: 3, any: false, distances: true },
    answer: { kind: 'reply', withDistance: true, withHash: false, withPosition: false },
    error: undefined,
  });
  t.match(parse('GEOSEARCHSTORE to k FROMMEMBER m BYBOX 1 2 m STOREDIST', STORE), {
    key: 'k',
    members: ['m'],
    extent: { kind: 'box', width: 1, height: 2, toMetres: 1 },
    answer: { kind: 'store', destination: 'to', distances: true },
  });
});

t.test('older commands have center and radius in fixed places', async (t) => {
  t.match(parse('GEORADIUS k 1 2 3 m DESC STORE a STOREDIST b', RADIUS), {
    center: { longitude: 1, latitude: 2 },
    extent: { kind: 'circle', radius: 3 },
    wanted: { order: 'farthest' },
    answer: { kind: 'store', destination: 'b', distances: true },
  });
  t.match(parse('GEORADIUSBYMEMBER_RO k m 3 km WITHHASH', MEMBER), {
    members: ['m'],
    answer: { kind: 'reply', withHash: true },
  });
  const syntax = 'ERR syntax error';
  t.equal(errorOf('GEORADIUSBYMEMBER_RO k m 3 km STORE a', MEMBER), syntax);
  t.equal(errorOf('GEORADIUS k 1 2 3 m BYBOX 1 1 m', RADIUS), syntax);
});

t.test('a wrong radius behind a member matters only if there is a set', async (t) => {
  const request = parse('GEORADIUSBYMEMBER_RO k m -3 km', MEMBER);
  t.equal(request.error, undefined);
  t.match(request.errorOfSet, { text: 'ERR radius cannot be negative' });
  t.equal(errorOf('GEORADIUS k 1 2 -3 m', RADIUS), 'ERR radius cannot be negative');
});

t.test('members before the first error are kept, those behind it are not', async (t) => {
  t.same(parse('GEOSEARCH k FROMMEMBER a FROMMEMBER b foo FROMMEMBER c').members, ['a', 'b']);
});

t.test('one center and one extent are needed', async (t) => {
  t.equal(
    errorOf('geoSearch k BYRADIUS 1 m ASC'),
    'ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for geoSearch',
  );
  t.equal(
    errorOf('GEOSEARCH k FROMMEMBER m ASC'),
    'ERR exactly one of BYRADIUS and BYBOX can be specified for GEOSEARCH',
  );
  const syntax = 'ERR syntax error';
  t.equal(errorOf('GEOSEARCH k FROMMEMBER m FROMLONLAT 1 1 BYRADIUS 1 m'), syntax);
  t.equal(errorOf('GEOSEARCH k FROMLONLAT 1 1 FROMMEMBER m BYRADIUS 1 m'), syntax);
  t.equal(errorOf('GEOSEARCH k FROMMEMBER m BYBOX 1 1 m BYRADIUS 1 m'), syntax);
  t.equal(errorOf('GEOSEARCH k FROMMEMBER m BYRADIUS 1'), syntax);
});

t.test('counts are positive, ANY needs one, and storing shows nothing', async (t) => {
  const base = 'GEOSEARCH k FROMLONLAT 1 1 BYRADIUS 1 m';
  t.equal(errorOf(`${base} COUNT 0`), 'ERR COUNT must be > 0');
  t.equal(errorOf(`${base} COUNT x`), 'ERR value is not an integer or out of range');
  t.equal(errorOf(`${base} COUNT`), 'ERR syntax error');
  t.equal(errorOf(`${base} ANY`), 'ERR the ANY argument requires COUNT argument');
  t.equal(
    errorOf('GEOSEARCHSTORE a k FROMLONLAT 1 1 BYRADIUS 1 m WITHDIST', STORE),
    'ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options',
  );
  t.equal(
    errorOf('GEORADIUS k 1 1 1 m STORE a WITHHASH', RADIUS),
    'ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options',
  );
});

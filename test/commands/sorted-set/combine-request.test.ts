import t from 'tap';
import {
  type CombineForm,
  parseCombine,
  resolveSources,
} from '../../../src/commands/sorted-set/combine-request.ts';
import { Args } from '../../../src/resp/args.ts';
import { ErrorReply } from '../../../src/resp/reply.ts';

const UNION: CombineForm = { name: 'zunion', store: false, weighted: true, limited: false };
const STORE: CombineForm = { ...UNION, name: 'zunionstore', store: true };
const DIFF: CombineForm = { ...UNION, name: 'zdiff', weighted: false };
const CARD: CombineForm = { name: 'zintercard', store: false, weighted: false, limited: true };

function parse(line: string, form: CombineForm = UNION): unknown {
  const request = parseCombine(Args.of(`name ${line}`.split(' ')), form);
  if (request instanceof ErrorReply) return request.text;
  return request.options instanceof ErrorReply ? `later: ${request.options.text}` : request;
}

t.test('keys and options are read', async (t) => {
  t.match(parse('2 a b'), { keys: ['a', 'b'], options: { weights: undefined, aggregate: 'sum' } });
  t.match(parse('2 a b WEIGHTS 1 -inf AGGREGATE max WITHSCORES'), {
    options: { weights: [1, Number.NEGATIVE_INFINITY], aggregate: 'max', withScores: true },
  });
  t.match(parse('to 1 a AGGREGATE MIN', STORE), { destination: 'to', keys: ['a'] });
  t.match(parse('1 a LIMIT 5', CARD), { options: { limit: 5 } });
});

t.test('a wrong number of keys is refused at once', async (t) => {
  t.equal(parse('x a'), 'ERR value is not an integer or out of range');
  t.equal(parse('0 a'), "ERR at least 1 input key is needed for 'zunion' command");
  t.equal(parse('to -1 a', STORE), "ERR at least 1 input key is needed for 'zunionstore' command");
  t.equal(parse('3 a b'), 'ERR syntax error');
  t.equal(parse('9223372036854775807 a b'), 'ERR syntax error');
});

t.test('wrong options wait for the types of the keys', async (t) => {
  const syntax = 'later: ERR syntax error';
  t.equal(parse('1 a foo'), syntax);
  t.equal(parse('2 a b WEIGHTS 1'), syntax);
  t.equal(parse('1 a WEIGHTS x'), 'later: ERR weight value is not a float');
  t.equal(parse('1 a AGGREGATE avg'), syntax);
  t.equal(parse('to 1 a WITHSCORES', STORE), syntax);
  t.equal(parse('1 a WEIGHTS 1', DIFF), syntax);
  t.equal(parse('1 a LIMIT -1', CARD), "later: ERR LIMIT can't be negative");
  t.equal(parse('1 a LIMIT x', CARD), "later: ERR LIMIT can't be negative");
  t.equal(parse('1 a WITHSCORES', CARD), syntax);
});

t.test('a key of another type is said before wrong options', async (t) => {
  const request = parseCombine(Args.of('name 2 a b foo'.split(' ')), UNION);
  t.notOk(request instanceof ErrorReply);
  if (request instanceof ErrorReply) return;
  t.match(
    resolveSources(request, (key) => (key === 'b' ? 'text' : undefined)),
    { text: /^WRONGTYPE/ },
  );
  t.match(
    resolveSources(request, () => undefined),
    { text: 'ERR syntax error' },
  );
});

import t from 'tap';
import { Askers } from '../../../src/replica/image/askers.ts';

function asked(): { askers: Askers; answers: string[] } {
  const askers = new Askers();
  const answers: string[] = [];
  for (const wish of ['image', 'cut', 'image'] as const) {
    askers.add(wish, (failure) => answers.push(`${wish}: ${failure ?? 'OK'}`));
  }
  return { askers, answers };
}

t.test('askers are answered once, all together, in their order', async (t) => {
  const { askers, answers } = asked();
  askers.answer('no space');
  askers.answer(null);
  t.same(answers, ['image: no space', 'cut: no space', 'image: no space']);
  t.notOk(askers.any);
});

t.test('who wants a cut waits for it when the image is stored', async (t) => {
  const { askers, answers } = asked();
  t.ok(askers.wantCut);
  const cut = askers.stored();
  t.same(answers, ['image: OK', 'image: OK']);
  t.notOk(askers.wantCut);
  askers.add('image', () => answers.push('another one'));
  cut('no space');
  t.same(answers, ['image: OK', 'image: OK', 'cut: no space'], 'who came later waits on');
  t.ok(askers.any);
});

t.test('an asker may ask again when it is answered', async (t) => {
  const askers = new Askers();
  let answers = 0;
  const again = (): void => {
    answers++;
    if (answers < 3) askers.add('image', again);
  };
  askers.add('image', again);
  askers.answer(null);
  t.equal(answers, 1);
  t.ok(askers.any);
  askers.drop();
  askers.answer(null);
  t.equal(answers, 1);
});

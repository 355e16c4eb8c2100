import t from 'tap';
import { coreBugs } from './support/core-bugs.ts';
import { imageBugs } from './support/image-bugs.ts';
import { findBug } from './support/planted.ts';

/**
 * The checks of this folder are only as good as what they find: each of these bugs, famous ones
 * mostly, is put in, and must be found by the random runs.
 */
for (const bug of [...coreBugs, ...imageBugs]) {
  t.test(`random runs find the bug: ${bug.name}`, (t) => {
    const found = findBug(bug);
    t.ok(found, found ?? 'not found');
    t.end();
  });
}

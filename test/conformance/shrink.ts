import type { Step, Words } from './generator.ts';

/** Whether the fault is still there. */
type Fails = (steps: readonly Step[]) => Promise<boolean>;

/**
 * The shortest list of steps found that still fails, by leaving out ever smaller parts of it, and
 * then words of the commands that are left.
 */
export async function shrink(steps: readonly Step[], fails: Fails): Promise<readonly Step[]> {
  const fewer = await smallest(steps, fails);
  const shorter = [...fewer];
  for (const [i, step] of fewer.entries()) {
    const [words] = step.commands;
    if (step.commands.length > 1 || words === undefined) continue;
    const withWords = (tail: readonly string[]): Step[] => {
      const changed = [...shorter];
      changed[i] = { commands: [[words[0] ?? '', ...tail]] };
      return changed;
    };
    const tail = await smallest(words.slice(1), (some) => fails(withWords(some)));
    shorter.splice(0, shorter.length, ...withWords(tail));
  }
  return smallest(shorter, fails);
}

/** Delta debugging: `items` fail, and none can be left out of what is returned. */
async function smallest<T>(
  items: readonly T[],
  fails: (items: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let left = items;
  for (let size = Math.ceil(left.length / 2); size >= 1; ) {
    let removed = false;
    for (let at = 0; at < left.length; ) {
      const without = [...left.slice(0, at), ...left.slice(at + size)];
      if (await fails(without)) {
        left = without;
        removed = true;
      } else {
        at += size;
      }
    }
    if (size === 1 && !removed) break;
    size = removed ? Math.min(size, left.length) : Math.floor(size / 2);
    if (size === 0) break;
  }
  return left;
}

/** A command as redis-cli takes it. */
export function quoted(words: Words): string {
  return words.map((word) => (/^[!-~]+$/.test(word) ? bare(word) : escaped(word))).join(' ');
}

function bare(word: string): string {
  return /["'\\]/.test(word) ? escaped(word) : word;
}

function escaped(word: string): string {
  const text = word.replace(/[^ !#-[\]-~]/g, (char) => {
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `"${text}"`;
}

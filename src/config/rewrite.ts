import { findParameter } from './parameters.ts';
import { quoteWord, splitLine } from './words.ts';

const HEADER = '# Written by CONFIG REWRITE';

/**
 * The text of a configuration file that sets `values` (byte strings) and keeps the comments and the
 * order of `old`: a parameter stays on its first line, and new ones follow at the end. Arguments of
 * `loadmodule` go, as the parameters they stood for are written out.
 */
export function rewriteFile(
  old: string,
  values: readonly (readonly [name: string, value: string])[],
): string {
  const left = new Map(values);
  const lines: string[] = [];
  for (const line of old === '' ? [] : old.replace(/\n$/, '').split('\n')) {
    const words = line.trim().startsWith('#') ? [] : (splitLine(line) ?? []);
    const first = (words[0] ?? '').toLowerCase();
    const parameter = findParameter(first);
    if (first === 'loadmodule') {
      lines.push(`loadmodule ${quoteWord(words[1] ?? '')}`);
    } else if (parameter === undefined) {
      lines.push(line);
    } else {
      const value = left.get(parameter.name);
      left.delete(parameter.name);
      // `save` and its like may stand on several lines, and what they say changes nothing.
      if (parameter.ignored !== undefined) lines.push(line);
      else if (value !== undefined) lines.push(directive(parameter.name, value));
    }
  }
  if (left.size > 0 && !lines.includes(HEADER)) lines.push(HEADER);
  for (const [name, value] of left) lines.push(directive(name, value));
  return lines.map((line) => `${line}\n`).join('');
}

/** Parameters that take several words are written as such, so that each can be read on its own. */
function directive(name: string, value: string): string {
  const parameter = findParameter(name);
  const several =
    parameter?.type === 'flags' ||
    parameter?.type === 'buffer-limits' ||
    (parameter?.type === 'list' && parameter.separator === ' ');
  const words = several && value !== '' ? value.split(' ') : [value];
  return [name, ...words.map(quoteWord)].join(' ');
}

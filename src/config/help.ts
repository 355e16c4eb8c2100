import { VERSION } from '../base/version.ts';
import type { Parameter } from './parameter.ts';
import { PARAMETERS } from './parameters.ts';
import { defaultReading } from './values.ts';

const USAGE = `balsa ${VERSION}, a strongly consistent Redis

Usage: balsa-server [FILE | -] [--NAME VALUE ...] [-]
       balsa-server -v | --version
       balsa-server -h | --help

FILE is a configuration file in the form of redis.conf; - reads one from standard input.
Options override it. The older forms of RedisRaft's options, behind --loadmodule, are taken too.

Examples:
  balsa-server
  balsa-server /etc/balsa.conf --port 7000
  balsa-server --port 5001 --dir /var/lib/balsa --raft.log-filename log1 --raft.addr 10.0.0.1:5001

Parameters, and their defaults:
`;

const WIDTH = 100;
const INDENT = '      ';

/** What --help prints, without the final line end. */
export function helpText(): string {
  const shown = PARAMETERS.filter((p) => p.hidden !== true && p.ignored === undefined && !p.only);
  return `${USAGE}\n${shown.map(helpEntry).join('\n')}`;
}

function helpEntry(parameter: Parameter): string {
  const text = defaultReading(parameter).text;
  const unit = parameter.type === 'int' && parameter.unit !== undefined ? ` ${parameter.unit}` : '';
  const head = `  --${parameter.name} ${text === '' ? '""' : text}${unit}`;
  return [head, ...wrap(parameter.text)].join('\n');
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.replaceAll('`', '').split(' ')) {
    if (line !== '' && INDENT.length + line.length + 1 + word.length > WIDTH) {
      lines.push(INDENT + line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, INDENT + line];
}

import { bitmapCommands } from './bitmap/bitmap-commands.ts';
import type { Command } from './command.ts';
import { geoCommands } from './geo/geo-commands.ts';
import { hashCommands } from './hash/hash-commands.ts';
import { hyperloglogCommands } from './hyperloglog/hyperloglog-commands.ts';
import { keyCommands } from './keys/key-commands.ts';
import { listCommands } from './list/list-commands.ts';
import { setCommands } from './set/set-commands.ts';
import { sortedSetCommands } from './sorted-set/sorted-set-commands.ts';
import { streamCommands } from './stream/stream-commands.ts';
import { stringCommands } from './string/string-commands.ts';

/** The commands on the dataset, by family. With those about the node they make the whole table. */
export const dataCommands: readonly Command[] = [
  ...stringCommands,
  ...bitmapCommands,
  ...geoCommands,
  ...hashCommands,
  ...hyperloglogCommands,
  ...listCommands,
  ...setCommands,
  ...sortedSetCommands,
  ...streamCommands,
  ...keyCommands,
];

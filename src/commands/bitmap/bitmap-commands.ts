import type { Command } from '../command.ts';

export const bitmapCommands: readonly Command[] = [];

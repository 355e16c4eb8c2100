import type { Command } from '../command.ts';

export const hyperloglogCommands: readonly Command[] = [];

import type { Command } from '../command.ts';

export const hashCommands: readonly Command[] = [];

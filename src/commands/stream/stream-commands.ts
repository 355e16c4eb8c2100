import type { Command } from '../command.ts';

export const streamCommands: readonly Command[] = [];

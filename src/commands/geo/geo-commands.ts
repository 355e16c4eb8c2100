import type { Command } from '../command.ts';

export const geoCommands: readonly Command[] = [];

import type { Parameter } from './parameter.ts';
import { RAFT_PARAMETERS } from './parameters-raft.ts';
import { SERVER_PARAMETERS } from './parameters-server.ts';
import { IGNORED_PARAMETERS, REFUSED_PARAMETERS } from './parameters-without-effect.ts';
import type { Settings } from './settings.ts';

/** The parameters that have an effect, each under its field of {@link Settings}. */
export const PARAMETERS_BY_SETTING: Readonly<Record<keyof Settings, Parameter>> = {
  ...RAFT_PARAMETERS,
  ...SERVER_PARAMETERS,
};

/** The one table of parameters, in the order in which CONFIG GET, --help and the docs show them. */
export const PARAMETERS: readonly Parameter[] = [
  ...Object.values(PARAMETERS_BY_SETTING),
  ...REFUSED_PARAMETERS,
  ...IGNORED_PARAMETERS,
];

const byName: ReadonlyMap<string, Parameter> = new Map(PARAMETERS.map((p) => [p.name, p]));

const byLegacyName: ReadonlyMap<string, Parameter> = new Map(
  PARAMETERS.flatMap((p) => (p.legacy ?? []).map((name): [string, Parameter] => [name, p])),
);

/** The parameter with this name, in any case. */
export function findParameter(name: string): Parameter | undefined {
  return byName.get(name.toLowerCase());
}

/** The parameter of Raft that had or has this name, in any case, with or without `raft.`. */
export function findLegacyParameter(name: string): Parameter | undefined {
  const bare = bareName(name.toLowerCase());
  return byLegacyName.get(bare) ?? byName.get(`raft.${bare}`);
}

export function bareName(name: string): string {
  return name.startsWith('raft.') ? name.slice('raft.'.length) : name;
}

/** Whether the value that follows this name must not be shown in logs, SLOWLOG or MONITOR. */
export function isSensitive(name: string): boolean {
  return (findParameter(name) ?? findLegacyParameter(name))?.sensitive === true;
}

import type { BufferLimits, SettingValue } from './settings.ts';

/**
 * When a parameter may be given a new value.
 * - `any-time`: at launch and by CONFIG SET.
 * - `before-cluster`: at launch, and by CONFIG SET until RAFT.CLUSTER INIT or JOIN.
 * - `launch`: only at launch.
 * - `protected`: only at launch, because over the network it could be used to overwrite files.
 */
export type Change = 'any-time' | 'before-cluster' | 'launch' | 'protected';

/** What a string must look like beyond being a string. */
export type StringFormat =
  | 'address'
  | 'slot-config'
  | 'path'
  | 'some-path'
  | 'file-name'
  | 'nobody';

interface ParameterFacts {
  /** As in redis.conf: lower case, `raft.` in front of those of Raft. */
  readonly name: string;
  readonly change: Change;
  /** One sentence for --help and the documentation. */
  readonly text: string;
  /** CONFIG GET finds it by its exact name, not by a pattern; --help leaves it out. */
  readonly hidden?: boolean;
  /** The value is a secret: it is never logged. */
  readonly sensitive?: boolean;
  /** Names in the first two generations of RedisRaft, without `raft.`. */
  readonly legacy?: readonly string[];
  /** The only value that is taken, and why every other one is refused. */
  readonly only?: { readonly value: SettingValue; readonly reason: string };
  /** No effect: the value is kept only to be shown. Says why. */
  readonly ignored?: string;
}

export interface IntParameter extends ParameterFacts {
  readonly type: 'int';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit?: 'ms' | 's' | 'µs';
}

/** Bytes; also spelt with k, m, g (powers of 1000) or kb, mb, gb (powers of 1024). */
export interface MemoryParameter extends ParameterFacts {
  readonly type: 'memory';
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

export interface BoolParameter extends ParameterFacts {
  readonly type: 'bool';
  readonly default: boolean;
}

export interface EnumParameter<Word extends string = string> extends ParameterFacts {
  readonly type: 'enum';
  readonly default: Word;
  /** The words known; where `only` is given, more than can be set. */
  readonly values: readonly string[];
}

export interface StringParameter extends ParameterFacts {
  readonly type: 'string';
  readonly default: string;
  readonly format?: StringFormat;
  /** Several words of a directive are joined by blanks instead of being refused. */
  readonly words?: boolean;
}

export interface ListParameter extends ParameterFacts {
  readonly type: 'list';
  readonly default: readonly string[];
  readonly separator: ' ' | ',';
  /** There must be at least one. */
  readonly needed?: boolean;
}

/** `off`, `all`, or flags to be switched over: those that are on go off, the others on. */
export interface FlagsParameter<Flag extends string = string> extends ParameterFacts {
  readonly type: 'flags';
  readonly default: readonly Flag[];
  readonly values: readonly Flag[];
}

/** `class hard soft seconds`, once or for several classes; classes not named keep their limits. */
export interface BufferLimitsParameter extends ParameterFacts {
  readonly type: 'buffer-limits';
  readonly default: BufferLimits;
}

export type Parameter =
  | IntParameter
  | MemoryParameter
  | BoolParameter
  | EnumParameter
  | StringParameter
  | ListParameter
  | FlagsParameter
  | BufferLimitsParameter;

/** The kind of parameter that yields values of type `Value`. */
export type ParameterOf<Value> = [Value] extends [boolean]
  ? BoolParameter
  : [Value] extends [number]
    ? IntParameter | MemoryParameter
    : [Value] extends [BufferLimits]
      ? BufferLimitsParameter
      : [Value] extends [readonly (infer Item extends string)[]]
        ? string extends Item
          ? ListParameter
          : FlagsParameter<Item>
        : [Value] extends [string]
          ? string extends Value
            ? StringParameter
            : EnumParameter<Value>
          : never;

export const INT32_MAX = 2147483647;
export const UINT32_MAX = 4294967295;
/** 2^63 - 1, which as a number is 2^63. Texts that show it spell it out: {@link showLimit}. */
export const INT64_MAX: number = 2 ** 63;

export function showLimit(limit: number): string {
  return limit === INT64_MAX ? '9223372036854775807' : String(limit);
}

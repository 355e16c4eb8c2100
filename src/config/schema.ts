import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { FORMATS } from './formats.ts';
import { type Parameter, showLimit } from './parameter.ts';
import type { SettingValue } from './settings.ts';

/** A JSON schema as far as the table needs one. */
export type Schema = Readonly<Record<string, unknown>>;

/** The JSON schema of what a parameter can be set to. */
export function schemaOf(parameter: Parameter): Schema {
  const only = parameter.only === undefined ? {} : { const: parameter.only.value };
  switch (parameter.type) {
    case 'int':
    case 'memory':
      return { type: 'integer', minimum: parameter.min, maximum: parameter.max, ...only };
    case 'bool':
      return { type: 'boolean', ...only };
    case 'enum':
      return { type: 'string', enum: parameter.values, ...only };
    case 'string':
      return parameter.format === undefined
        ? { type: 'string', ...only }
        : { type: 'string', format: parameter.format, ...only };
    case 'list':
      return {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        minItems: parameter.needed === true ? 1 : 0,
      };
    case 'flags':
      return { type: 'array', items: { type: 'string', enum: parameter.values } };
    case 'buffer-limits':
      return limitsSchema();
  }
}

function limitsSchema(): Schema {
  const count = { type: 'integer', minimum: 0 };
  const required = ['hard', 'soft', 'seconds'];
  const properties = { hard: count, soft: count, seconds: count };
  const limit = { type: 'object', required, properties, additionalProperties: false };
  return {
    type: 'object',
    required: ['normal', 'replica', 'pubsub'],
    properties: { normal: limit, replica: limit, pubsub: limit },
    additionalProperties: false,
  };
}

/** Why `value` cannot be the value of `parameter`, in the words clients see; null if it can. */
export function reasonAgainst(parameter: Parameter, value: SettingValue): string | null {
  const validate = validatorOf(parameter);
  if (validate(value)) return null;
  const keywords = (validate.errors ?? []).map((error: ErrorObject) => error.keyword);
  return reasonFor(parameter, keywords);
}

let ajv: Ajv | undefined;
const validators = new Map<Parameter, ValidateFunction>();

/**
 * Compiled when it is first needed: a launch needs a few of the validators, and compiling all takes
 * longer than everything else it does.
 */
function validatorOf(parameter: Parameter): ValidateFunction {
  const known = validators.get(parameter);
  if (known !== undefined) return known;
  ajv ??= makeAjv();
  const validate = ajv.compile(schemaOf(parameter));
  validators.set(parameter, validate);
  return validate;
}

function makeAjv(): Ajv {
  // All errors, so that a word nobody knows is told apart from one that is known and refused.
  const made = new Ajv({ allErrors: true, meta: false, validateSchema: false });
  for (const [name, format] of Object.entries(FORMATS)) made.addFormat(name, format.accepts);
  return made;
}

function reasonFor(parameter: Parameter, keywords: readonly string[]): string {
  const { only } = parameter;
  const refused = only !== undefined && keywords.every((keyword) => keyword === 'const');
  if (refused) return only.reason;
  switch (parameter.type) {
    case 'int':
      return keywords.includes('type')
        ? "argument couldn't be parsed into an integer"
        : range(parameter);
    case 'memory':
      return keywords.includes('type') ? 'argument must be a memory value' : range(parameter);
    case 'bool':
      return "argument must be 'yes' or 'no'";
    case 'enum':
      return oneOf(parameter.values);
    case 'flags':
      return oneOf(['off', ...parameter.values, 'all']);
    case 'string':
      return parameter.format === undefined
        ? 'argument is invalid'
        : FORMATS[parameter.format].reason;
    case 'list':
      return 'argument must not be empty';
    case 'buffer-limits':
      return 'argument is invalid';
  }
}

function range(limits: { readonly min: number; readonly max: number }): string {
  return `argument must be between ${limits.min} and ${showLimit(limits.max)} inclusive`;
}

function oneOf(words: readonly string[]): string {
  return `argument(s) must be one of the following: ${words.join(', ')}`;
}

import t from 'tap';
import { isSensitive, PARAMETERS, PARAMETERS_BY_SETTING } from '../../src/config/parameters.ts';
import { reasonAgainst } from '../../src/config/schema.ts';

function camelCase(name: string): string {
  return name.replace(/[.-]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

t.test('a field of the settings is the name of its parameter in camel case', (t) => {
  for (const [setting, { name }] of Object.entries(PARAMETERS_BY_SETTING)) {
    t.equal(setting, camelCase(name));
  }
  t.end();
});

t.test('no two parameters share a name, nor a name of old', (t) => {
  const names = PARAMETERS.map((p) => p.name);
  t.equal(new Set(names).size, names.length);
  const legacy = PARAMETERS.flatMap((p) => p.legacy ?? []);
  t.equal(new Set(legacy).size, legacy.length);
  t.end();
});

t.test('names are lower case', (t) => {
  for (const { name } of PARAMETERS) t.equal(name, name.toLowerCase());
  t.end();
});

t.test('every default passes its own schema', (t) => {
  for (const parameter of PARAMETERS) {
    t.equal(reasonAgainst(parameter, parameter.default), null, parameter.name);
  }
  t.end();
});

t.test('passwords are sensitive under each of their names', (t) => {
  for (const name of ['requirepass', 'MASTERAUTH', 'raft.cluster-password', 'cluster-password']) {
    t.ok(isSensitive(name), name);
  }
  t.notOk(isSensitive('port'));
  t.notOk(isSensitive('nothing-known'));
  t.end();
});

import { ErrorReply, OK } from '../../resp/reply.ts';
import type { CommandFlag, LocalCommand } from '../command.ts';
import { isClientAttribute } from './client-attribute.ts';

export const BAD_CLIENT_NAME: ErrorReply = new ErrorReply(
  'ERR Client names cannot contain spaces, newlines or special characters.',
);

const FLAGS: readonly CommandFlag[] = ['noscript', 'loading', 'stale'];

export const clientId: LocalCommand = {
  kind: 'local',
  name: 'client|id',
  arity: 2,
  flags: FLAGS,
  group: 'connection',
  since: '5.0.0',
  summary: 'Tells the id of this connection.',
  complexity: 'O(1)',
  syntax: '',
  run: ({ session }) => session.id,
};

export const clientGetName: LocalCommand = {
  kind: 'local',
  name: 'client|getname',
  arity: 2,
  flags: FLAGS,
  group: 'connection',
  since: '2.6.9',
  summary: 'Tells the name of this connection.',
  complexity: 'O(1)',
  syntax: '',
  run: ({ session }) => (session.name === '' ? null : session.name),
};

export const clientSetName: LocalCommand = {
  kind: 'local',
  name: 'client|setname',
  arity: 3,
  flags: FLAGS,
  group: 'connection',
  since: '2.6.9',
  summary: 'Names this connection; an empty name takes it away.',
  complexity: 'O(1)',
  syntax: 'connection-name',
  run({ session }, args) {
    const name = args.string(2);
    if (!isClientAttribute(name)) return BAD_CLIENT_NAME;
    session.name = name;
    return OK;
  },
};

export const clientSetInfo: LocalCommand = {
  kind: 'local',
  name: 'client|setinfo',
  arity: 4,
  flags: FLAGS,
  group: 'connection',
  since: '7.2.0',
  summary: 'Notes name or version of the client library.',
  complexity: 'O(1)',
  syntax: '<LIB-NAME libname | LIB-VER libver>',
  run({ session }, args) {
    const isName = args.is(2, 'LIB-NAME');
    if (!isName && !args.is(2, 'LIB-VER')) {
      return new ErrorReply(`ERR Unrecognized option '${args.string(2)}'`);
    }
    const value = args.string(3);
    if (!isClientAttribute(value)) {
      return new ErrorReply(
        `ERR ${args.string(2)} cannot contain spaces, newlines or special characters.`,
      );
    }
    if (isName) session.libraryName = value;
    else session.libraryVersion = value;
    return OK;
  },
};

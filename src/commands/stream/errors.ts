import { ErrorReply } from '../../resp/reply.ts';

/** Error replies of several commands on streams, in Redis's words. */
export const INVALID_ID: ErrorReply = new ErrorReply(
  'ERR Invalid stream ID specified as stream command argument',
);
export const INVALID_START: ErrorReply = new ErrorReply('ERR invalid start ID for the interval');
export const INVALID_END: ErrorReply = new ErrorReply('ERR invalid end ID for the interval');

/** Neither the key, or not the group: of commands that ask for both at once. */
export function noKeyOrGroup(key: string, group: string, where = ''): ErrorReply {
  return new ErrorReply(
    `NOGROUP No such key '${quoted(key)}' or consumer group '${quoted(group)}'${where}`,
  );
}

/** The key is there, but not the group. */
export function noGroup(key: string, group: string): ErrorReply {
  return new ErrorReply(
    `NOGROUP No such consumer group '${quoted(group)}' for key name '${quoted(key)}'`,
  );
}

/** What has the wrong options or arguments, where Redis says so in the words for subcommands. */
export function subcommandError(container: string, called: string): ErrorReply {
  return new ErrorReply(
    `ERR unknown subcommand or wrong number of arguments for '${quoted(called)}'. ` +
      `Try ${container} HELP.`,
  );
}

/** A zero byte ends a text in an error, as it would end a string in C. */
export function quoted(text: string): string {
  const zero = text.indexOf('\0');
  return zero === -1 ? text : text.slice(0, zero);
}

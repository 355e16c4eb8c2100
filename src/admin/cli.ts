import { VERSION } from '../base/version.ts';
import { backup, PASSWORD_VARIABLE } from './backup.ts';
import { BACKUP_VERSION } from './backup-format.ts';
import { restore } from './restore.ts';
import {
  type AdminCommand,
  AdminError,
  type AdminTools,
  DONE,
  FAILED,
  LookError,
  messageOf,
  USAGE,
  UsageError,
} from './tools.ts';
import { verify } from './verify.ts';

const COMMANDS: readonly AdminCommand[] = [backup, restore, verify];

const HELP = `balsa-admin ${VERSION}: backups of balsa, and its data on disk

  balsa-admin backup --from HOST:PORT FILE   writes the data of a running node to a file
  balsa-admin restore --dir DIR FILE         makes a new cluster of one node from such a file
  balsa-admin verify --dir DIR               checks the data of a node that is stopped
  balsa-admin verify FILE                    checks a backup
  balsa-admin COMMAND --help                 tells all about one of them
  balsa-admin --help | --version

raftlog, which is installed beside it, shows what is in a log.

Exit status: 0 done, or sound; 1 it failed, or something is damaged; 2 wrong usage, or there is nothing
to look at. Errors go to standard error. ${PASSWORD_VARIABLE} in the environment is the password for
backup.
`;

/** Runs the tool; `args` is what follows its name. Resolves to the exit status. */
export async function runAdmin(args: readonly string[], tools: AdminTools): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') {
    tools.out(HELP.trimEnd());
    return DONE;
  }
  if (name === '--version' || name === '-v') {
    tools.out(`balsa-admin ${VERSION}, backup format ${BACKUP_VERSION}`);
    return DONE;
  }
  const command = COMMANDS.find((each) => each.name === name);
  if (command === undefined) {
    const what = name === undefined ? 'no command' : `unknown command '${name}'`;
    return failed(tools, `${what}; try 'balsa-admin --help'`, USAGE);
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    tools.out(command.help.trimEnd());
    return DONE;
  }
  try {
    return await command.run(rest, tools);
  } catch (error) {
    tools.progress('');
    if (error instanceof UsageError) {
      const text = `${command.name}: ${error.message}; try 'balsa-admin ${command.name} --help'`;
      return failed(tools, text, USAGE);
    }
    if (error instanceof LookError)
      return failed(tools, `${command.name}: ${error.message}`, USAGE);
    const isPlain = error instanceof AdminError || (error instanceof Error && 'code' in error);
    const text = isPlain || !(error instanceof Error) ? messageOf(error) : (error.stack ?? '');
    return failed(tools, `${command.name}: ${text}`, FAILED);
  }
}

function failed(tools: AdminTools, text: string, status: number): number {
  tools.error(`balsa-admin: ${text}`);
  return status;
}

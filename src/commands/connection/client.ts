import type { ContainerCommand, LocalCommand } from '../command.ts';
import { helpCommand } from '../help.ts';
import { clientKill } from './client-kill.ts';
import { clientInfo, clientList } from './client-list.ts';
import { clientCapa, clientNoEvict, clientNoTouch, clientReply } from './client-modes.ts';
import { clientGetName, clientId, clientSetInfo, clientSetName } from './client-name.ts';
import {
  clientCaching,
  clientGetRedir,
  clientTracking,
  clientTrackingInfo,
} from './client-tracking.ts';
import { clientUnblock } from './client-unblock.ts';

const subcommands: readonly LocalCommand[] = [
  clientCaching,
  clientCapa,
  clientGetName,
  clientGetRedir,
  clientId,
  clientInfo,
  clientKill,
  clientList,
  clientNoEvict,
  clientNoTouch,
  clientReply,
  clientSetInfo,
  clientSetName,
  clientTracking,
  clientTrackingInfo,
  clientUnblock,
];

/** CLIENT PAUSE is missing: a node that holds back writes while it leads would look dead. */
export const client: ContainerCommand = {
  kind: 'container',
  name: 'client',
  arity: -2,
  flags: [],
  group: 'connection',
  since: '2.4.0',
  summary: 'Commands about connections.',
  complexity: 'Depends on the sub-command.',
  syntax: '',
  subcommands: [
    ...subcommands,
    helpCommand('client', { group: 'connection', since: '5.0.0' }, subcommands),
  ],
};

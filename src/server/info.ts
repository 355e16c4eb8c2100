import { persistence, raftSnapshot } from './info-images.ts';
import { raftClients, raftGeneral, raftLog, raftStats, raftVersion } from './info-raft.ts';
import {
  clients,
  cluster,
  cpu,
  errorStats,
  type Fields,
  keyspace,
  memory,
  modules,
  replication,
  server,
  stats,
} from './info-sections.ts';
import type { Server } from './server.ts';

interface Section {
  readonly title: string;
  readonly fields: (server: Server) => Fields;
}

const DEFAULT_SECTIONS: Readonly<Record<string, Section>> = {
  server: { title: 'Server', fields: server },
  clients: { title: 'Clients', fields: clients },
  memory: { title: 'Memory', fields: memory },
  persistence: { title: 'Persistence', fields: persistence },
  stats: { title: 'Stats', fields: stats },
  replication: { title: 'Replication', fields: replication },
  cpu: { title: 'CPU', fields: cpu },
  modules: { title: 'Modules', fields: modules },
  errorstats: { title: 'Errorstats', fields: errorStats },
  cluster: { title: 'Cluster', fields: cluster },
  keyspace: { title: 'Keyspace', fields: keyspace },
};

const RAFT_SECTIONS: Readonly<Record<string, Section>> = {
  raft_version: { title: 'raft_version', fields: raftVersion },
  raft_general: { title: 'raft_general', fields: raftGeneral },
  raft_log: { title: 'raft_log', fields: raftLog },
  raft_snapshot: { title: 'raft_snapshot', fields: raftSnapshot },
  raft_clients: { title: 'raft_clients', fields: raftClients },
  raft_stats: { title: 'raft_stats', fields: raftStats },
};

const ALL_SECTIONS: Readonly<Record<string, Section>> = { ...DEFAULT_SECTIONS, ...RAFT_SECTIONS };

/** INFO's text for these section names; none: the default ones. */
export function infoText(node: Server, names: readonly string[]): string {
  const wanted: string[] = [];
  const add = (keys: readonly string[]): void => {
    for (const key of keys) if (!wanted.includes(key)) wanted.push(key);
  };
  for (const name of names.length === 0 ? ['default'] : names) {
    const key = name.toLowerCase();
    if (key === 'default' || key === 'all') add(Object.keys(DEFAULT_SECTIONS));
    else if (key === 'everything') add(Object.keys(ALL_SECTIONS));
    else if (key === 'raft') add(Object.keys(RAFT_SECTIONS));
    else if (key === 'modules') add(['modules', ...Object.keys(RAFT_SECTIONS)]);
    else if (Object.hasOwn(ALL_SECTIONS, key)) add([key]);
  }
  return wanted.map((key) => sectionText(node, ALL_SECTIONS[key])).join('\r\n');
}

function sectionText(node: Server, section: Section | undefined): string {
  if (section === undefined) return '';
  return linesOf(section.title, section.fields(node));
}

function linesOf(title: string, fields: Fields): string {
  return `# ${title}\r\n${fields.map(([name, value]) => `${name}:${value}\r\n`).join('')}`;
}

/** RAFT.INFO of the module's older generations: the same facts without the `raft_` of their names. */
export function legacyRaftInfo(node: Server): string {
  const strip = (fields: Fields): Fields =>
    fields.map(([name, value]) => [name.replace(/^raft_/, ''), value] as const);
  return [
    linesOf('Raft', strip(raftGeneral(node))),
    linesOf('Log', strip(raftLog(node))),
    linesOf('Snapshot', [
      ...strip(raftSnapshot(node)),
      ['snapshots_loaded', node.node.replica?.images.received ?? 0],
    ]),
    linesOf('Clients', [['clients_in_multi_state', 0], ...strip(raftClients(node))]),
  ].join('\r\n');
}

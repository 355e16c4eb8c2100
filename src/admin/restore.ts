import { createLog } from '../../raftlog/index.ts';
import { asNodeId, type NodeId } from '../base/ids.ts';
import { parseAddress } from '../config/formats.ts';
import { quoteWord, toByteString } from '../config/words.ts';
import { nodeIdFromRandom } from '../raft/raft.ts';
import type { StoredMeta } from '../replica/image/meta.ts';
import type { Address } from '../world/world.ts';
import { ImageCopy } from './image-copy.ts';
import { onlyWord, readOptions, required } from './options.ts';
import { type NodePaths, nodePaths } from './paths.ts';
import { damageText, type ImageReport } from './report.ts';
import { countText, timeText } from './sizes.ts';
import {
  type AdminCommand,
  AdminError,
  type AdminTools,
  DONE,
  folderOf,
  LookError,
  messageOf,
  type StoreView,
  UsageError,
} from './tools.ts';
import { verifyBackup } from './verify-image.ts';
import { finished, given } from './waiting.ts';

const DEFAULT_ADDRESS = '127.0.0.1:6379';
const ID_WORDS = 4;

const HELP = `balsa-admin restore --dir DIR [options] FILE

Makes a new cluster of one node with the data of the backup FILE. A server started on DIR leads it at
once; other nodes join it. It has nothing to do with the cluster that the backup is of: nodes of that
one must not be started again as members of the new one, and need not be stopped.

  --dir DIR             the folder of the node, which is made if need be
  --log-filename NAME   its raft.log-filename; default: redisraft.db
  --addr HOST:PORT      its raft.addr, where clients and other nodes will find it;
                        default: ${DEFAULT_ADDRESS}
  --force               a log and an image that are there already are put aside as NAME.<time>.bak

First the whole file is checked. The image is built beside its name, gets it when all of it is on disk,
and the log comes last: until then a server started on DIR belongs to no cluster. Restoring again after
a crash begins anew.

Keys whose time to live has run out since the backup expire as soon as the new node leads.
`;

export const restore: AdminCommand = {
  name: 'restore',
  help: HELP,
  run: async (args, tools) => {
    const known = { values: ['dir', 'log-filename', 'addr'], flags: ['force'] };
    const options = readOptions(args, known);
    const file = onlyWord(options, 'file');
    const dir = required(options, 'dir', 'DIR');
    const logFilename = options.values.get('log-filename');
    const text = options.values.get('addr') ?? DEFAULT_ADDRESS;
    const address = parseAddress(text);
    if (address === null) throw new UsageError(`--addr takes HOST:PORT, not '${text}'`);
    if (!tools.look.exists(file)) throw new LookError(`${file}: no such file`);
    const paths = nodePaths(dir, logFilename);
    const force = options.values.has('force');
    const restoring = new Restoring(tools, { file, dir, paths, address, force });
    await restoring.run();
    restoring.explain(logFilename);
    return DONE;
  },
};

interface Wanted {
  readonly file: string;
  readonly dir: string;
  readonly paths: NodePaths;
  readonly address: Address;
  readonly force: boolean;
}

class Restoring {
  readonly #tools: AdminTools;
  readonly #wanted: Wanted;
  readonly #clusterId: string;
  #nodeId: NodeId = asNodeId(0);
  #report: ImageReport | null = null;

  constructor(tools: AdminTools, wanted: Wanted) {
    this.#tools = tools;
    this.#wanted = wanted;
    const { random } = tools.world;
    this.#clusterId = Array.from({ length: ID_WORDS }, () =>
      random.uint32().toString(16).padStart(8, '0'),
    ).join('');
  }

  async run(): Promise<void> {
    const { paths, dir, file } = this.#wanted;
    await this.#lookAround();
    const { stored, places } = await this.#check();
    const { world } = this.#tools;
    const building = `${paths.image}.restoring`;
    try {
      const made = this.#newImage(stored);
      const copy = new ImageCopy(this.#tools, { file, places, stored, made, into: building });
      await copy.run();
      this.#putAside();
      world.files.rename(building, paths.image);
      world.files.syncDirectory(folderOf(paths.image));
      await this.#makeLog(made);
    } catch (error) {
      await finished((done) => world.images.destroy(building, done)).catch(() => {});
      throw new AdminError(`${dir} cannot be filled: ${messageOf(error)}`);
    } finally {
      this.#tools.progress('');
    }
  }

  /** Refuses a folder that is somebody's. */
  async #lookAround(): Promise<void> {
    const { files } = this.#tools.world;
    const { paths, force } = this.#wanted;
    const there = [paths.log, paths.image].filter((path) => files.exists(path));
    if (there.length > 0 && !force) {
      const what = `${there.join(' and ')} ${there.length > 1 ? 'are' : 'is'} there already`;
      throw new AdminError(`${what}; --force puts that aside`);
    }
    if (!this.#tools.world.images.exists(paths.image)) return;
    const view = await given<StoreView | null>((done) => this.#tools.view(paths.image, done)).catch(
      (error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'LOCKED') {
          throw new AdminError(`${paths.image} is in use: a server is running on these files`);
        }
        // It is put aside as damaged as it is.
        return null;
      },
    );
    if (view !== null) await finished((done) => view.close(done)).catch(() => {});
  }

  async #check(): Promise<Pick<ConstructorParameters<typeof ImageCopy>[1], 'stored' | 'places'>> {
    const { file } = this.#wanted;
    const { report, stored, damages, places } = await verifyBackup(this.#tools, file);
    const [first] = damages;
    if (first !== undefined || stored === null) {
      const more = damages.length > 1 ? ` (and ${damages.length - 1} more)` : '';
      const what = first === undefined ? file : damageText(first);
      throw new AdminError(`the backup cannot be relied on: ${what}${more}`);
    }
    this.#report = report;
    return { stored, places };
  }

  /** The same data, as the beginning of another cluster. */
  #newImage({ meta }: StoredMeta): StoredMeta {
    const { random } = this.#tools.world;
    const { host, port } = this.#wanted.address;
    do this.#nodeId = nodeIdFromRandom(random.uint32());
    while (meta.usedIds.includes(this.#nodeId));
    const id = this.#nodeId;
    const members = [{ id, host, port, voting: true }];
    const databases = meta.keyspace.databases.length;
    return {
      generation: 1,
      meta: {
        ...meta,
        clusterId: this.#clusterId,
        configuration: {
          index: meta.index,
          configuration: { change: { kind: 'bootstrap', id }, members, databases },
        },
        usedIds: [...meta.usedIds, id],
        // Whoever waited did so on a connection to the old cluster.
        waiters: [],
      },
    };
  }

  #putAside(): void {
    const { files, clock } = this.#tools.world;
    const { log, index, image } = this.#wanted.paths;
    const suffix = `.${clock.wall()}.bak`;
    // The log first: an image without a log is no node's.
    for (const path of [log, image]) {
      if (!files.exists(path)) continue;
      files.rename(path, `${path}${suffix}`);
      this.#tools.out(`${path} was put aside as ${path}${suffix}`);
      if (path === log && files.exists(index)) files.remove(index);
    }
    files.syncDirectory(folderOf(log));
  }

  async #makeLog({ meta }: StoredMeta): Promise<void> {
    const { files, clock } = this.#tools.world;
    const { index, term, chain, clusterId } = meta;
    const log = createLog({
      ...{ files, path: this.#wanted.paths.log, fsync: true, clusterId, nodeId: this.#nodeId },
      microseconds: () => clock.microseconds(),
      base: { index, term, chain },
      hardState: { term, vote: 0 },
    });
    await finished((done) => log.close(done));
  }

  /** What there is now, and what to do with it. */
  explain(logFilename: string | undefined): void {
    const { out } = this.#tools;
    const { dir, address } = this.#wanted;
    const report = this.#report;
    if (report === null) return;
    const keys = countText(report.dataset?.keys ?? 0, 'key');
    out(`${dir} holds entry ${report.index} of cluster ${report.clusterId}: ${keys}`);
    out(`as it was at ${timeText(report.time)}, digest ${report.dataset?.digest}.`);
    out(`It is node ${this.#nodeId} of the new cluster ${this.#clusterId}. Start it:`);
    out('');
    out(`  ${startLine(dir, address, logFilename)}`);
    out('');
    out('Then start other nodes, each with an empty folder of its own, and join them one by one:');
    out('');
    out(`  redis-cli -h <host> -p <port> RAFT.CLUSTER JOIN ${address.host}:${address.port}`);
  }
}

function startLine(dir: string, { host, port }: Address, logFilename: string | undefined): string {
  const words = ['balsa-server', '--dir', dir, '--port', `${port}`];
  // A server listens on loopback unless it is told otherwise.
  if (!host.startsWith('127.') && host !== 'localhost' && host !== '::1')
    words.push('--bind', host);
  words.push('--raft.addr', `${host}:${port}`);
  if (logFilename !== undefined) words.push('--raft.log-filename', logFilename);
  return words.map((word) => quoteWord(toByteString(word))).join(' ');
}

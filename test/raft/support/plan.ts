import type { Prng } from '../../../src/base/prng.ts';
import type { RaftOptions } from '../../../src/raft/setup.ts';
import type { NetworkOptions } from './network.ts';
import type { ClusterOptions, ImageOptions } from './sim-node.ts';

/** What may happen to a cluster: methods of the class that does it. */
export type Action =
  | 'propose'
  | 'read'
  | 'crash'
  | 'crashAll'
  | 'partition'
  | 'cutOneWay'
  | 'break'
  | 'slowDisk'
  | 'pause'
  | 'addLearner'
  | 'remove'
  | 'transfer'
  | 'campaign'
  | 'checkpoint';

/** What a seed makes of a run: a choice of faults and sizes, never all at once. */
export interface Plan {
  readonly cluster: ClusterOptions & {
    readonly raft: RaftOptions;
    readonly network: NetworkOptions;
    readonly diskDelay: readonly [number, number];
    readonly turnDelay: readonly [number, number];
  };
  readonly actions: readonly (readonly [weight: number, action: Action])[];
  /** How images are sent when everything is repaired. */
  readonly calmImages: ImageOptions;
  readonly duration: number;
  /** Mean ms between two actions. */
  readonly pace: number;
}

export function makePlan(seed: number, random: Prng): Plan {
  const electionTimeout = 50 + random.below(100);
  const far = random.chance(0.3);
  const voters = random.chance(0.1) ? 1 + random.below(2) : 3 + random.below(3);
  const actions: [number, Action][] = [
    [10, 'propose'],
    [4, 'read'],
  ];
  const faults: [number, Action][] = [
    [1.5, 'crash'],
    [0.2, 'crashAll'],
    [0.8, 'partition'],
    [1, 'cutOneWay'],
    [2, 'break'],
    [0.7, 'slowDisk'],
    [0.7, 'pause'],
    [0.5, 'addLearner'],
    [0.7, 'remove'],
    [0.5, 'transfer'],
    [0.3, 'campaign'],
    [3, 'checkpoint'],
  ];
  for (const [weight, action] of faults) {
    if (random.chance(0.6)) actions.push([weight * (0.5 + random.float()), action]);
  }
  return {
    cluster: {
      seed,
      voters,
      raft: {
        electionTimeout,
        heartbeatInterval: Math.floor(electionTimeout / (3 + random.below(3))),
        maxInflightAppends: 1 + random.below(5),
        maxAppendBytes: 1 + random.below(4),
      },
      network: {
        delay: far ? [1, electionTimeout / 6] : [0.1, 2],
        detection: [0, electionTimeout * (random.chance(0.5) ? 0.1 : 1)],
        reconnect: [1, electionTimeout / 2],
        pairs: random.chance(0.4),
        strays: random.chance(0.3) ? 0.3 : 0,
      },
      diskDelay: random.chance(0.3) ? [0.5, electionTimeout / 4] : [0.1, 3],
      turnDelay: random.chance(0.5) ? [0, 0.5] : [0, 5],
      images: makeImages(electionTimeout, random),
    },
    actions,
    calmImages: calmImages(electionTimeout),
    duration: electionTimeout * (20 + random.below(40)),
    pace: 2 + random.float() * 8,
  };
}

function makeImages(timeout: number, random: Prng): ImageOptions {
  const isSlow = random.chance(0.5);
  return {
    writeTime: [0.1, random.chance(0.5) ? 3 : timeout],
    transferTime: [0.1, isSlow ? 4 * timeout : timeout / 4],
    loadTime: [0, random.chance(0.3) ? 3 * timeout : timeout / 4],
    patience: (isSlow ? 8 : 3) * timeout,
    loss: random.chance(0.5) ? random.float() * 0.4 : 0,
    duplicates: random.chance(0.5) ? random.float() * 0.5 : 0,
    falseReports: random.chance(0.5) ? 0.5 : 0,
    failures: random.chance(0.5) ? 0.2 : 0,
  };
}

function calmImages(timeout: number): ImageOptions {
  return {
    writeTime: [0.1, 3],
    transferTime: [0.1, 5],
    loadTime: [0, timeout / 4],
    patience: 5 * timeout,
    loss: 0,
    duplicates: 0,
    falseReports: 0,
    failures: 0,
  };
}

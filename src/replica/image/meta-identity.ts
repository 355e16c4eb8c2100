import type { ImageMeta } from './meta.ts';

/** Whether two heads are of one and the same image, whatever generation it has in a store. */
export function isSameImage(a: ImageMeta, b: ImageMeta): boolean {
  return (
    a.clusterId === b.clusterId &&
    a.index === b.index &&
    a.term === b.term &&
    a.chain === b.chain &&
    a.time === b.time &&
    a.facts.image === b.facts.image &&
    a.facts.nextId === b.facts.nextId &&
    a.facts.totals.records === b.facts.totals.records &&
    a.facts.totals.sum === b.facts.totals.sum
  );
}

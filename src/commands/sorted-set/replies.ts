import type { SortedSet } from '../../keyspace/sorted-set.ts';
import type { Columns, Span } from '../../keyspace/sorted-set-range.ts';
import { DoubleReply, PairsReply, type Reply } from '../../resp/reply.ts';

/** Elements in the order in which they are answered, column by column. */
export class Elements implements Columns {
  readonly members: string[] = [];
  readonly scores: number[] = [];

  add(member: string, score: number): void {
    this.members.push(member);
    this.scores.push(score);
  }

  /** The elements of a span, upwards or downwards. */
  static of(set: SortedSet, span: Span, reverse: boolean): Elements {
    const elements = new Elements();
    set.collect(span, elements);
    if (reverse) {
      elements.members.reverse();
      elements.scores.reverse();
    }
    return elements;
  }

  /** Members, or members with scores: flat in RESP2, each pair an array of its own in RESP3. */
  reply(withScores: boolean): Reply {
    return withScores ? this.#flat() : this.members;
  }

  /** Each pair an array of its own, in RESP2 too. */
  pairs(): Reply {
    return this.members.map((member, i) => [member, new DoubleReply(this.scores[i] as number)]);
  }

  #flat(): PairsReply {
    const items: Reply[] = [];
    this.members.forEach((member, i) => {
      items.push(member, new DoubleReply(this.scores[i] as number));
    });
    return new PairsReply(items);
  }
}

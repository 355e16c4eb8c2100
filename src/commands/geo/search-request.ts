import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readBox, readCircle, readPosition } from './geo-args.ts';
import type { Position } from './geohash.ts';
import type { Wanted } from './search.ts';
import type { Extent } from './shape.ts';

/**
 * A search as far as the arguments tell. Redis reads them when it has looked at the key already, and
 * looks up members on the way, so that errors have to wait for that too.
 */
export interface SearchRequest {
  readonly key: string;
  /** To be looked up in turn, if there is a set; the last one is the centre. */
  readonly members: readonly string[];
  /** What is wrong if there is a set; it comes behind unknown members. */
  readonly errorOfSet: ErrorReply | undefined;
  /** What is wrong in any case. */
  readonly error: ErrorReply | undefined;
  /** Undefined: that of the last member. */
  readonly center: Position | undefined;
  readonly extent: Extent;
  readonly wanted: Wanted;
  readonly answer: Answer;
}

/** What is made of the results. */
export type Answer =
  | {
      readonly kind: 'reply';
      readonly withDistance: boolean;
      readonly withHash: boolean;
      readonly withPosition: boolean;
    }
  | { readonly kind: 'store'; readonly destination: string; readonly distances: boolean };

/** What the name of a command says. */
export interface SearchForm {
  readonly family: 'georadius' | 'georadiusbymember' | 'geosearch';
  /** Whether there are options to store (of GEORADIUS), or whether it always stores (GEOSEARCH). */
  readonly store: boolean;
}

const NO_COUNT: ErrorReply = new ErrorReply('ERR COUNT must be > 0');
const ANY_WITHOUT_COUNT: ErrorReply = new ErrorReply(
  'ERR the ANY argument requires COUNT argument',
);

export function parseSearch(args: Args, form: SearchForm): SearchRequest {
  const reader = new SearchReader(args, form);
  reader.read();
  return reader.request();
}

/** Reads arguments from left to right, up to the first error. */
class SearchReader {
  readonly #args: Args;
  readonly #form: SearchForm;
  readonly #members: string[] = [];
  #errorOfSet: ErrorReply | undefined;
  #error: ErrorReply | undefined;
  #center: Position | undefined;
  #extent: Extent | undefined;
  #order: Wanted['order'] = 'none';
  #count = 0;
  #any = false;
  #withDistance = false;
  #withHash = false;
  #withPosition = false;
  #destination: string | undefined;
  #distances = false;

  constructor(args: Args, form: SearchForm) {
    this.#args = args;
    this.#form = form;
  }

  request(): SearchRequest {
    const destination = this.#destination;
    return {
      key: this.#args.string(this.#keyAt),
      members: this.#members,
      errorOfSet: this.#errorOfSet,
      error: this.#error,
      center: this.#center,
      extent: this.#extent ?? { kind: 'circle', radius: 0, toMetres: 1 },
      wanted: {
        order: this.#order,
        count: this.#count,
        any: this.#any,
        distances: this.#withDistance || this.#distances,
      },
      answer:
        destination === undefined
          ? {
              kind: 'reply',
              withDistance: this.#withDistance,
              withHash: this.#withHash,
              withPosition: this.#withPosition,
            }
          : { kind: 'store', destination, distances: this.#distances },
    };
  }

  get #keyAt(): number {
    return this.#form.family === 'geosearch' && this.#form.store ? 2 : 1;
  }

  /** Whether center and extent come as options. */
  get #isGeosearch(): boolean {
    return this.#form.family === 'geosearch';
  }

  read(): void {
    const options = this.#readFixed();
    if (isError(options)) {
      this.#error = options;
      return;
    }
    for (let i = options; i < this.#args.count; ) {
      const next = this.#readFlag(i) ?? this.#readValue(i);
      if (isError(next)) {
        this.#error = next;
        return;
      }
      i = next;
    }
    this.#error = this.#contradiction();
  }

  /** What stands before the options. Returns where those begin. */
  #readFixed(): number | ErrorReply {
    const args = this.#args;
    const { family, store } = this.#form;
    if (family === 'geosearch') {
      if (store) this.#destination = args.string(1);
      return this.#keyAt + 1;
    }
    if (family === 'georadius') {
      const center = readPosition(args, 2);
      if (isError(center)) return center;
      const extent = readCircle(args, 4);
      if (isError(extent)) return extent;
      this.#center = center;
      this.#extent = extent;
      return 6;
    }
    this.#members.push(args.string(2));
    const extent = readCircle(args, 3);
    // Without a set nobody looks at it.
    if (isError(extent)) this.#errorOfSet = extent;
    else this.#extent = extent;
    return 5;
  }

  /** An option of one word. Returns where the next one stands; undefined if it is none. */
  #readFlag(i: number): number | undefined {
    const args = this.#args;
    if (args.is(i, 'WITHDIST')) this.#withDistance = true;
    else if (args.is(i, 'WITHHASH')) this.#withHash = true;
    else if (args.is(i, 'WITHCOORD')) this.#withPosition = true;
    else if (args.is(i, 'ANY')) this.#any = true;
    else if (args.is(i, 'ASC')) this.#order = 'nearest';
    else if (args.is(i, 'DESC')) this.#order = 'farthest';
    else if (this.#isGeosearch && this.#form.store && args.is(i, 'STOREDIST')) {
      this.#distances = true;
    } else return undefined;
    return i + 1;
  }

  /** An option with values. Returns where the next one stands. */
  #readValue(i: number): number | ErrorReply {
    const args = this.#args;
    const values = args.count - i - 1;
    if (values >= 1 && args.is(i, 'COUNT')) {
      const count = readNumber(args, i + 1);
      if (isError(count)) return count;
      if (count <= 0) return NO_COUNT;
      this.#count = count;
      return i + 2;
    }
    if (this.#isGeosearch) return this.#readShape(i, values);
    const distances = args.is(i, 'STOREDIST');
    if (values < 1 || !this.#form.store || !(distances || args.is(i, 'STORE'))) return SYNTAX_ERROR;
    this.#destination = args.string(i + 1);
    this.#distances = distances;
    return i + 2;
  }

  /** The options that are arguments of a fixed place elsewhere. */
  #readShape(i: number, values: number): number | ErrorReply {
    const args = this.#args;
    const circle = this.#extent?.kind === 'circle';
    const box = this.#extent?.kind === 'box';
    if (values >= 1 && this.#center === undefined && args.is(i, 'FROMMEMBER')) {
      this.#members.push(args.string(i + 1));
      return i + 2;
    }
    if (values >= 2 && this.#members.length === 0 && args.is(i, 'FROMLONLAT')) {
      const center = readPosition(args, i + 1);
      if (isError(center)) return center;
      this.#center = center;
      return i + 3;
    }
    if (values >= 2 && !box && args.is(i, 'BYRADIUS')) {
      return this.#take(readCircle(args, i + 1), i + 3);
    }
    if (values >= 3 && !circle && args.is(i, 'BYBOX')) {
      return this.#take(readBox(args, i + 1), i + 4);
    }
    return SYNTAX_ERROR;
  }

  #take(extent: Extent | ErrorReply, next: number): number | ErrorReply {
    if (isError(extent)) return extent;
    this.#extent = extent;
    return next;
  }

  /** What is wrong with the options taken together. */
  #contradiction(): ErrorReply | undefined {
    const name = this.#args.string(0);
    if (
      this.#destination !== undefined &&
      (this.#withDistance || this.#withHash || this.#withPosition)
    ) {
      const what = this.#isGeosearch ? 'GEOSEARCHSTORE' : 'STORE option in GEORADIUS';
      return new ErrorReply(
        `ERR ${what} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`,
      );
    }
    if (this.#isGeosearch && this.#center === undefined && this.#members.length === 0) {
      return new ErrorReply(
        `ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for ${name}`,
      );
    }
    if (this.#isGeosearch && this.#extent === undefined) {
      return new ErrorReply(`ERR exactly one of BYRADIUS and BYBOX can be specified for ${name}`);
    }
    return this.#any && this.#count === 0 ? ANY_WITHOUT_COUNT : undefined;
  }
}

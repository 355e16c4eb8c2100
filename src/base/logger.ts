/** What is worth telling, from what only helps to find bugs to what an operator must know. */
export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning' | 'nothing';

const SEVERITY: Readonly<Record<LogLevel, number>> = {
  debug: 0,
  verbose: 1,
  notice: 2,
  warning: 3,
  nothing: 4,
};

/** What a logger needs of its surroundings. */
export interface LoggerOptions {
  readonly pid: number;
  /** Milliseconds of the Unix epoch. */
  wall(): number;
  /** Minutes that local time is ahead of UTC at that moment. Left out: times are UTC. */
  offset?(time: number): number;
  /** One line, without its end. */
  write(line: string): void;
  readonly level: LogLevel;
  /** One letter: M leader, S follower, C candidate, X anything else. */
  role(): string;
}

/**
 * Writes lines in Redis's form: `pid:role dd Mon yyyy hh:mm:ss.mmm level text`, where level is
 * `.` debug, `-` verbose, `*` notice, `#` warning. Callers never pass keys' values or passwords.
 */
export class Logger {
  /** Lines below this are dropped. */
  level: LogLevel;
  readonly #options: LoggerOptions;

  constructor(options: LoggerOptions) {
    this.#options = options;
    this.level = options.level;
  }

  /** Whether lines of this level are written: asked before a text is built that costs something. */
  enabled(level: LogLevel): boolean {
    return SEVERITY[level] >= SEVERITY[this.level];
  }

  debug(text: string): void {
    if (this.enabled('debug')) this.#write('.', text);
  }

  verbose(text: string): void {
    if (this.enabled('verbose')) this.#write('-', text);
  }

  notice(text: string): void {
    if (this.enabled('notice')) this.#write('*', text);
  }

  warning(text: string): void {
    if (this.enabled('warning')) this.#write('#', text);
  }

  #write(mark: string, text: string): void {
    const { pid, role, wall, offset } = this.#options;
    const time = wall();
    const local = time + (offset?.(time) ?? 0) * MINUTE;
    this.#options.write(`${pid}:${role()} ${formatTime(local)} ${mark} ${oneLine(text)}`);
  }
}

const MINUTE = 60_000;
const DAY = 86_400_000;
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** `20 Nov 2026 22:51:44.331`. */
export function formatTime(time: number): string {
  const days = Math.floor(time / DAY);
  const rest = Math.floor(time - days * DAY);
  const { year, month, day } = civilDate(days);
  const name = MONTHS.slice(3 * month - 3, 3 * month);
  const hours = digits(Math.floor(rest / 3_600_000), 2);
  const minutes = digits(Math.floor(rest / MINUTE) % 60, 2);
  const seconds = digits(Math.floor(rest / 1000) % 60, 2);
  return `${digits(day, 2)} ${name} ${year} ${hours}:${minutes}:${seconds}.${digits(rest % 1000, 3)}`;
}

const DAYS_IN_400_YEARS = 146_097;
/** Days from 1 March of the year 0 to 1 January 1970. */
const EPOCH = 719_468;

/**
 * The Gregorian date that is `days` after 1 January 1970. Years are counted from March, so that the
 * leap day is the last of its year and the months before it follow one formula.
 */
function civilDate(days: number): { year: number; month: number; day: number } {
  const shifted = days + EPOCH;
  const era = Math.floor(shifted / DAYS_IN_400_YEARS);
  const dayOfEra = shifted - era * DAYS_IN_400_YEARS;
  const leapDays =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const yearStart = 365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfYear = dayOfEra - yearStart;
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** A text that came from elsewhere must not look like lines of its own. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}

/** One operation of a simulated client, with the true times between which it took effect. */
export interface Operation {
  readonly client: number;
  readonly kind: 'incr' | 'get-counter' | 'set' | 'get';
  readonly key: string;
  readonly start: number;
  /** Infinity: no answer, or an answer that leaves the outcome open. */
  end: number;
  /** `failed`: a definite error, the operation did not and will not happen. */
  outcome: 'ok' | 'unknown' | 'failed';
  /** What was written, or read (null: nothing there). */
  value: string | null;
}

/**
 * Checks a history for what a linearizable store cannot do. For counters (INCR and GET) the checks are
 * complete: values of increments are unique, everything respects real time, and nothing is counted
 * that was not asked for. For registers with unique values they are: no value that nobody wrote, and
 * none that had been overwritten before the read began.
 */
export function violations(history: readonly Operation[]): string[] {
  const found: string[] = [];
  for (const key of new Set(history.map((op) => op.key))) {
    const operations = history.filter((op) => op.key === key && op.outcome !== 'failed');
    const counter = operations.some((op) => op.kind === 'incr' || op.kind === 'get-counter');
    found.push(...(counter ? counterViolations(operations) : registerViolations(operations)));
  }
  return found;
}

function describe(op: Operation): string {
  return `client ${op.client} ${op.kind} ${op.key} = ${op.value} [${op.start.toFixed(3)}, ${op.end.toFixed(3)}]`;
}

function counterViolations(operations: readonly Operation[]): string[] {
  const found: string[] = [];
  const seen = new Map<string, Operation>();
  const known = operations.filter((op) => op.outcome === 'ok');
  const byEnd = [...known].sort((a, b) => a.end - b.end);
  const byStart = [...known].sort((a, b) => a.start - b.start);
  const incrementStarts = operations
    .filter((op) => op.kind === 'incr')
    .map((op) => op.start)
    .sort((a, b) => a - b);
  let ended = 0;
  let highest: { value: number; op: Operation } | null = null;
  for (const op of byStart) {
    for (let next = byEnd[ended]; next !== undefined && next.end < op.start; next = byEnd[ended]) {
      const value = Number(next.value ?? 0);
      if (highest === null || value > highest.value) highest = { value, op: next };
      ended++;
    }
    const value = Number(op.value ?? 0);
    const least = highest === null ? 0 : highest.value + (op.kind === 'incr' ? 1 : 0);
    if (value < least && highest !== null) {
      found.push(`stale: ${describe(op)} after ${describe(highest.op)}`);
    }
    const asked = incrementStarts.filter((start) => start < op.end).length;
    if (value > asked) found.push(`${describe(op)}: only ${asked} increments were asked for`);
    if (op.kind !== 'incr') continue;
    const twin = seen.get(String(value));
    if (twin !== undefined) found.push(`twice: ${describe(op)} and ${describe(twin)}`);
    seen.set(String(value), op);
  }
  return found;
}

function registerViolations(operations: readonly Operation[]): string[] {
  const found: string[] = [];
  const writes = operations.filter((op) => op.kind === 'set');
  const byValue = new Map(writes.map((op) => [op.value, op]));
  for (const read of operations) {
    if (read.kind !== 'get' || read.outcome !== 'ok') continue;
    const write = read.value === null ? null : byValue.get(read.value);
    if (write === undefined || (write !== null && write.start > read.end)) {
      found.push(`nobody wrote what was read: ${describe(read)}`);
      continue;
    }
    const writeEnd = write === null ? -1 : write.end;
    const later = writes.find(
      (op) => op.outcome === 'ok' && op.start > writeEnd && op.end < read.start,
    );
    if (later !== undefined) found.push(`stale: ${describe(read)} after ${describe(later)}`);
  }
  return found;
}

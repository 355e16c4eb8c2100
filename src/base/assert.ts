/** A broken invariant: a bug in balsa, never a user's mistake. The process must stop. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/**
 * Always on, also in production. `message` names the invariant; put numbers in through
 * {@link fail} where the message would have to be built for every call.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

export function fail(message: string): never {
  throw new AssertionError(message);
}

/** Ends an exhaustive switch: does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${String(value)}`);
}

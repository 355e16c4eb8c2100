/** How facts about commands differ from Redis 7.0, on purpose, each with its reason. */
export const EXPECTED: Readonly<Record<string, string>> = {
};

/** They answer an error that says so. */
export const NOT_SUPPORTED: readonly string[] = [];

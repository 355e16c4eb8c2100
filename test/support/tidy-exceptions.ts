/** Files that are longer than they should be. They may get shorter, never longer. */
export const LONG_FILES: Readonly<Record<string, number>> = {};

/** Functions that are longer than they should be, by file and name. */
export const LONG_FUNCTIONS: Readonly<Record<string, number>> = {};

/** Tests about a whole folder, or about one side of it. */
export const TESTS_WITHOUT_A_SOURCE: readonly string[] = [];

/** Version of balsa. */
export const VERSION = '0.1.0';

/** The version of Redis whose commands, replies and INFO fields balsa follows. */
export const REDIS_VERSION = '7.4.2';

/** The first byte of a value in RDB form: its type and how it is written. Numbers are Redis's. */
export const RDB_STRING = 0;
export const RDB_LIST = 1;
export const RDB_SET = 2;
export const RDB_ZSET = 3;
export const RDB_HASH = 4;
export const RDB_ZSET_2 = 5;
export const RDB_HASH_ZIPMAP = 9;
export const RDB_LIST_ZIPLIST = 10;
export const RDB_SET_INTSET = 11;
export const RDB_ZSET_ZIPLIST = 12;
export const RDB_HASH_ZIPLIST = 13;
export const RDB_LIST_QUICKLIST = 14;
export const RDB_STREAM = 15;
export const RDB_HASH_LISTPACK = 16;
export const RDB_ZSET_LISTPACK = 17;
export const RDB_LIST_QUICKLIST_2 = 18;
export const RDB_STREAM_2 = 19;
export const RDB_SET_LISTPACK = 20;
export const RDB_STREAM_3 = 21;
/** Hashes with deadlines of fields; those before 7.4.0 do not begin with the smallest deadline. */
export const RDB_HASH_DEADLINES_EARLY = 22;
export const RDB_HASH_DEADLINES_LISTPACK_EARLY = 23;
export const RDB_HASH_DEADLINES = 24;
export const RDB_HASH_DEADLINES_LISTPACK = 25;

/** Version of RDB that Redis 7.0 reads and writes. */
export const RDB_VERSION_7_0 = 10;
/** Version that knows when consumers of streams were active: Redis 7.2's. */
export const RDB_VERSION_7_2 = 11;
/** Version that knows deadlines of fields: Redis 7.4's, and the last one read here. */
export const RDB_VERSION_7_4 = 12;

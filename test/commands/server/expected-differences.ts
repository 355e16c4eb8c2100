const SINCE_7_2 = 'as in Redis 7.2';
const WHILE_LOADING = 'it is answered while the node is loading, too';
const NO_WORD = 'documentation has no word here for what only Redis itself sends';
const DEPRECATED_LATER = 'newer documentation calls it deprecated';

/** How facts about commands differ from Redis 7.0, on purpose, each with its reason. */
export const EXPECTED: Readonly<Record<string, string>> = {
  'asking flags': WHILE_LOADING,
  'cluster|info flags': WHILE_LOADING,
  'cluster|keyslot flags': WHILE_LOADING,
  'cluster|myid flags': WHILE_LOADING,
  'cluster|nodes flags': WHILE_LOADING,
  'cluster|shards flags': WHILE_LOADING,
  'cluster|slots flags': WHILE_LOADING,
  'command|getkeys arity': `${SINCE_7_2}; 7.0 asks for an argument more than it needs`,
  'command|getkeysandflags arity': `${SINCE_7_2}; 7.0 asks for an argument more than it needs`,
  'debug doc_flags': NO_WORD,
  'module|list flags': WHILE_LOADING,
  'pfdebug doc_flags': NO_WORD,
  'pfselftest doc_flags': NO_WORD,
  'ping flags': WHILE_LOADING,
  'psetex deprecated_since': DEPRECATED_LATER,
  'psetex doc_flags': DEPRECATED_LATER,
  'quit deprecated_since': DEPRECATED_LATER,
  'quit doc_flags': DEPRECATED_LATER,
  'restore-asking doc_flags': NO_WORD,
  'setex deprecated_since': DEPRECATED_LATER,
  'setex doc_flags': DEPRECATED_LATER,
  'setnx deprecated_since': DEPRECATED_LATER,
  'setnx doc_flags': DEPRECATED_LATER,
  'zrank arity': `${SINCE_7_2}, which has the option WITHSCORE`,
  'zrevrank arity': `${SINCE_7_2}, which has the option WITHSCORE`,
};

/** They answer an error that says so, whatever the arguments are. */
export const NOT_SUPPORTED: readonly string[] = [
  'cluster|failover',
  'cluster|forget',
  'cluster|meet',
  'cluster|replicate',
  'cluster|reset',
];

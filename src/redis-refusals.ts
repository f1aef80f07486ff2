/** What is wrong, and what to do. */
export type Words = readonly [reason: string, advice: string];

const RIGHTS =
  'Give it the commands that BullMQ needs: ACL SETUSER … ~rollcall:* ~{rollcall:* &* +@all -@dangerous +info +client +scan.';

const OF_SENTINELS =
  'Add what the Sentinels themselves ask for: redis+sentinel://…/group?sentineluser=…&sentinelpassword=… (percent-encoded).';

/** By the first word of a reply of Redis. */
const REFUSALS: readonly (readonly [RegExp, Words])[] = [
  [/All sentinels are unreachable.*NOAUTH/s, ['the Sentinels ask for a password', OF_SENTINELS]],
  [
    /All sentinels are unreachable.*(WRONGPASS|NOPERM|invalid password)/s,
    ['the Sentinels refuse the user or the password', OF_SENTINELS],
  ],
  [/^WRONGPASS|invalid password/, ['the user or the password is wrong', 'Correct them in REDIS_URL.']],
  [/^NOAUTH/, ['it asks for a password, and REDIS_URL has none', 'Add it: redis://:password@host (percent-encoded).']],
  [/^NOPERM.*'info'/i, ['its user may not ask INFO, which a queue needs', RIGHTS]],
  [/^NOPERM|user executing the script can't run/, ['its user may not do what a queue needs', RIGHTS]],
  [
    /^ERR DB index is out of range/,
    ['it has no database of this number', 'Correct the number in REDIS_URL, or raise `databases` in redis.conf.'],
  ],
  [
    /^READONLY/,
    ['it is a replica, which takes no writes', 'Name the primary in REDIS_URL, or the Sentinels: redis+sentinel://….'],
  ],
  [
    /^OOM/,
    [
      'its memory is full',
      'Raise its maxmemory, or use a Redis of its own for Rollcall. Whoever waits goes on by itself.',
    ],
  ],
  [
    /^MISCONF/,
    [
      'it takes no writes because it cannot save to its disk',
      'Make room on its disk, or correct its settings: its log says what is wrong.',
    ],
  ],
  [
    /^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)/,
    ['it is starting, or looks for its primary', 'Wait until it is ready, and try again.'],
  ],
  [/^(CROSSSLOT|MOVED|ASK) /, ['it is a node of a cluster', 'Use redis+cluster://host:port,host:port in REDIS_URL.']],
  [
    /^NOREPLICAS/,
    ['it takes no writes because too few replicas follow it', 'See why they do not, or lower min-replicas-to-write.'],
  ],
  [
    /unknown (redis )?command/i,
    [
      'it is no whole Redis: it lacks commands that a queue needs',
      'Use Redis or Valkey themselves, not a proxy in front of one.',
    ],
  ],
  [
    /All sentinels are unreachable/,
    [
      'no Sentinel knows the group',
      'Check the Sentinels and the name of the group in REDIS_URL: redis+sentinel://host:26379/group.',
    ],
  ],
  [
    /slots cache|cluster support disabled/i,
    [
      'no node of a cluster answers',
      'Check the nodes in REDIS_URL. A Redis that is no cluster is named by redis:// or rediss://.',
    ],
  ],
];

/** What a reply of Redis means that refuses a command; undefined for others. @param message as Redis sends it */
export const refusalOf = (message: string): Words | undefined =>
  REFUSALS.find(([pattern]) => pattern.test(message))?.[1];

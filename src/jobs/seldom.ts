const EVERY_MS = 60_000;

interface Said {
  readonly code: string;
  /** How often the same was not said since the last time. */
  readonly unsaid?: number;
}

/** Says the same thing at most once a minute. @param say told what it is, and how often it was not said in between */
export function seldom(say: (fact: Said) => void, now = Date.now): (code: string) => void {
  const said = new Map<string, { at: number; unsaid: number }>();
  return (code) => {
    const last = said.get(code);
    if (last !== undefined && now() - last.at < EVERY_MS) {
      last.unsaid += 1;
      return;
    }
    said.set(code, { at: now(), unsaid: 0 });
    say(last === undefined || last.unsaid === 0 ? { code } : { code, unsaid: last.unsaid });
  };
}

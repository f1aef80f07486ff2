import { RollcallError } from '../../errors.js';
import type { Grant } from './grant.js';
import { createTokenKeeper, type TokenKeeperOptions } from './token-keeper.js';

const LIFE_MS = 3_600_000;
const REFUSED = new RollcallError('login_refused', 'the secret has expired', 'add another');

/** A login whose answers are given by hand, and a clock that stands still. */
function scriptedLogin(options: Partial<TokenKeeperOptions> = {}) {
  let now = 1_000_000;
  const asked: { grant(lifetimeMs?: number): void; refuse(): void }[] = [];
  const failures: RollcallError[] = [];
  const keeper = createTokenKeeper({
    fetch: () =>
      new Promise<Grant>((resolve, reject) => {
        const accessToken = `token ${asked.length + 1}`;
        asked.push({
          grant: (lifetimeMs = LIFE_MS) => resolve({ accessToken, lifetimeMs }),
          refuse: () => reject(REFUSED),
        });
      }),
    clock: () => now,
    onRenewalFailure: (error) => failures.push(error),
    close: () => {},
    ...options,
  });
  return {
    keeper,
    asked,
    failures,
    pass: (ms: number) => {
      now += ms;
    },
    first: () => {
      const getting = keeper.get();
      asked[0]!.grant();
      return getting;
    },
    /** Until what was granted or refused has been heard. */
    heard: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

test('a renewal begins when a tenth of the life is left, and not a moment before', async () => {
  const { keeper, asked, pass, first } = scriptedLogin();
  const token = await first();
  pass(0.9 * LIFE_MS - 1);
  await expect(keeper.get()).resolves.toEqual(token);
  expect(asked).toHaveLength(1);
  pass(1);
  await expect(keeper.get()).resolves.toEqual(token);
  expect(asked).toHaveLength(2);
});

test('while a renewal is on its way all get the old token and begin no other', async () => {
  const { keeper, asked, pass, first, heard } = scriptedLogin();
  const token = await first();
  pass(0.95 * LIFE_MS);
  const got = await Promise.all([keeper.get(), keeper.get(), keeper.get()]);
  expect(got).toEqual([token, token, token]);
  expect(asked).toHaveLength(2);
  asked[1]!.grant();
  await heard();
  await expect(keeper.get()).resolves.toMatchObject({ value: 'token 2' });
});

test('a renewal that was refused is tried again half a minute later, however often the token is asked for meanwhile', async () => {
  const { keeper, asked, failures, pass, first, heard } = scriptedLogin();
  const token = await first();
  pass(0.9 * LIFE_MS);
  await keeper.get();
  asked[1]!.refuse();
  await heard();
  expect(failures).toEqual([REFUSED]);
  for (let times = 0; times < 5; times += 1) await expect(keeper.get()).resolves.toEqual(token);
  pass(29_999);
  await expect(keeper.get()).resolves.toEqual(token);
  expect(asked).toHaveLength(2);
  pass(1);
  await expect(keeper.get()).resolves.toEqual(token);
  expect(asked).toHaveLength(3);
});

test('a token is handed out until half a minute before its end, and then waited for', async () => {
  const { keeper, asked, pass, first, heard } = scriptedLogin();
  const token = await first();
  pass(LIFE_MS - 30_001);
  await expect(keeper.get()).resolves.toEqual(token);
  asked[1]!.refuse();
  await heard();
  pass(1);
  const waiting = keeper.get();
  expect(asked).toHaveLength(3);
  asked[2]!.grant();
  await expect(waiting).resolves.toMatchObject({ value: 'token 3' });
});

test('of a short life half of the last tenth is kept back', async () => {
  const { keeper, asked, pass } = scriptedLogin();
  const getting = keeper.get();
  asked[0]!.grant(10_000);
  await getting;
  pass(9499);
  await expect(keeper.get()).resolves.toMatchObject({ value: 'token 1' });
  pass(1);
  void keeper.get();
  asked[1]!.grant(10_000);
  await expect(keeper.get()).resolves.toMatchObject({ value: 'token 2' });
});

test('only the token that is handed out can be forgotten', async () => {
  const { keeper, asked, first } = scriptedLogin();
  const token = await first();
  keeper.forget('token 0');
  await expect(keeper.get()).resolves.toEqual(token);
  keeper.forget(token.value);
  void keeper.get();
  expect(asked).toHaveLength(2);
  asked[1]!.grant();
  await expect(keeper.get()).resolves.toMatchObject({ value: 'token 2' });
});

test('one that was told to stop before it asked begins no login', async () => {
  const { keeper, asked } = scriptedLogin();
  await expect(keeper.get(AbortSignal.abort(new Error('told to stop')))).rejects.toThrow('told to stop');
  expect(asked).toHaveLength(0);
});

test('after the end, a renewal that fails is told to nobody', async () => {
  const { keeper, asked, failures, pass, first, heard } = scriptedLogin();
  await first();
  pass(0.9 * LIFE_MS);
  await keeper.get();
  keeper.close();
  asked[1]!.refuse();
  await heard();
  expect(failures).toEqual([]);
});

/** Tokens of a life too short for what they pay for: `work` says how long a request with each of them takes. */
async function useUp(work: number, { keeper, asked, pass, heard }: ReturnType<typeof scriptedLogin>, most = 50) {
  for (let requests = 0; requests < most; requests += 1) {
    const getting = keeper.get();
    getting.catch(() => {});
    // Whatever is asked for is granted at once.
    for (const each of asked) each.grant(1000);
    await heard();
    const token = await getting;
    pass(work);
    keeper.answered(token);
  }
}

test('a login whose tokens end before a request does is asked five times, and then the reason is said', async () => {
  const login = scriptedLogin();
  await expect(useUp(2000, login)).rejects.toMatchObject({
    code: 'login_refused',
    message: expect.stringMatching(/5 tokens in a row .* valid for 1 s$/),
    advice: expect.stringMatching(/clock.*lifetime policy/),
  });
  expect(login.asked).toHaveLength(5);
  await expect(login.keeper.get()).rejects.toMatchObject({ code: 'login_refused' });
  expect(login.asked).toHaveLength(5);
  // Half a minute later the login may have been put right.
  login.pass(30_000);
  void login.keeper.get();
  expect(login.asked).toHaveLength(6);
});

test('tokens of a short life that pay for requests are renewed as long as they do', async () => {
  const login = scriptedLogin();
  await useUp(300, login, 100);
  expect(login.asked.length).toBeGreaterThan(20);
});

import { Agent, request } from 'undici';
import type { Emulator } from '../../src/emulator/emulator.js';
import { SAMPLE_CLIENT_ID, SAMPLE_CLIENT_SECRET, SAMPLE_TENANT_ID } from '../../src/emulator/sample/constants.js';
import { isRecord } from '../../src/emulator/tenant/graph-object.js';

/** What a test sees of a response. */
export interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The text as JSON; a test that reads it has said what it expects. */
  readonly json: Record<string, unknown>;
}

export interface SendOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** A client for the emulator's own tests. */
export interface TestClient extends AsyncDisposable {
  send(pathOrUrl: string, options?: SendOptions): Promise<Seen>;
  /** With a bearer token. */
  graph(pathOrUrl: string, options?: SendOptions): Promise<Seen>;
  login(form?: Readonly<Record<string, string>>, tenant?: string): Promise<Seen>;
  /** All pages of a collection, each as its list of values. */
  pages(path: string, headers?: Readonly<Record<string, string>>): AsyncGenerator<readonly Record<string, unknown>[]>;
}

/** The form that logs the sample's application in. */
export const LOGIN = {
  grant_type: 'client_credentials',
  client_id: SAMPLE_CLIENT_ID,
  client_secret: SAMPLE_CLIENT_SECRET,
  scope: 'https://graph.microsoft.com/.default',
} as const;

/** Talks to this emulator and trusts its certificate. */
export function createTestClient(emulator: Pick<Emulator, 'url' | 'certificate'>): TestClient {
  const agent = new Agent({ connect: { ca: emulator.certificate } });
  let token: string | undefined;

  const send: TestClient['send'] = async (pathOrUrl, { method = 'GET', headers = {}, body, signal } = {}) => {
    const response = await request(new URL(pathOrUrl, emulator.url), {
      dispatcher: agent,
      method,
      headers,
      body: body ?? null,
      signal: signal ?? null,
    });
    const text = await response.body.text();
    return {
      status: response.statusCode,
      headers: response.headers,
      text,
      get json() {
        const parsed: unknown = JSON.parse(text);
        if (!isRecord(parsed)) throw new Error(`no JSON object: ${text.slice(0, 200)}`);
        return parsed;
      },
    };
  };
  const login: TestClient['login'] = (form = LOGIN, tenant = SAMPLE_TENANT_ID) =>
    send(`/${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    });
  const graph: TestClient['graph'] = async (pathOrUrl, options = {}) => {
    token ??= String((await login()).json['access_token']);
    return send(pathOrUrl, { ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } });
  };
  return {
    send,
    login,
    graph,
    async *pages(path, headers = {}) {
      for (let next: unknown = path; typeof next === 'string';) {
        const { status, json, text } = await graph(next, { headers });
        if (status !== 200) throw new Error(`${status}: ${text}`);
        const { value } = json;
        if (!Array.isArray(value)) throw new Error(`no page: ${text.slice(0, 200)}`);
        yield value.filter(isRecord);
        next = json['@odata.nextLink'];
      }
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

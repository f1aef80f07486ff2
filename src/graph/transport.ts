import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { rootCertificates } from 'node:tls';
import { Agent, request, type Dispatcher } from 'undici';

export interface Outgoing {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal;
}

export interface Incoming {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** As received, before decompression. */
  readonly bytes: number;
}

/** HTTP over kept connections, for Graph and for the login. */
export interface Transport {
  send(outgoing: Outgoing): Promise<Incoming>;
  /** Later requests use new connections; those under way end on the old ones. */
  renew(): void;
  close(): Promise<void>;
}

// A page of 999 users with every property at its limit stays below; a body that never ends does not.
const LARGEST_BODY = 256 * 1024 * 1024;

const unzip = promisify(gunzip);

/** @param certificateAuthority PEM of an authority to trust beside those that Node trusts */
export function createTransport(certificateAuthority?: string): Transport {
  const connect =
    certificateAuthority === undefined ? {} : { connect: { ca: [...rootCertificates, certificateAuthority] } };
  const open = (): Dispatcher => new Agent({ ...connect, maxResponseSize: LARGEST_BODY });
  let agent = open();
  return {
    async send({ url, ...outgoing }) {
      const headers = { 'accept-encoding': 'gzip', ...outgoing.headers };
      const response = await request(url, {
        dispatcher: agent,
        method: outgoing.method,
        headers,
        body: outgoing.body ?? null,
        signal: outgoing.signal ?? null,
        // Time is bounded by the signal alone, in one place.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const received = Buffer.from(await response.body.arrayBuffer());
      const zipped = response.headers['content-encoding'] === 'gzip';
      const text = (zipped ? await unzip(received, { maxOutputLength: LARGEST_BODY }) : received).toString('utf8');
      return { status: response.statusCode, headers: flat(response.headers), text, bytes: received.length };
    },
    renew() {
      void agent.close();
      agent = open();
    },
    close: () => agent.destroy(),
  };
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : (value ?? '')]),
  );
}

import { z } from 'zod';

/** A URL of a server, taken apart. Everything in it is decoded. */
export interface ConnectionUrl {
  /** Without the colon, in small letters. */
  readonly scheme: string;
  readonly user: string;
  readonly password: string;
  readonly hosts: readonly Host[];
  /** Without its first slash. */
  readonly path: string;
  readonly parameters: ReadonlyMap<string, string>;
}

export interface Host {
  /** A name, an address without brackets, or the path of a Unix socket; empty if there is none. */
  readonly host: string;
  readonly port: number | undefined;
}

/** What is wrong with a URL: what was expected in its place. Never a part of the URL, which may hold a password. */
export class WrongUrl extends Error {
  override readonly name = 'WrongUrl';
}

const SHAPE =
  /^(?<scheme>[a-z][a-z0-9+]*):\/\/(?<authority>[^/?#]*)(?<path>[^?#]*)(?:\?(?<search>[^#]*))?(?<fragment>#.*)?$/is;

const ENCODED =
  'a user and a password that are percent-encoded: / is %2F, ? is %3F, # is %23, @ is %40, % is %25, : is %3A';

/**
 * Takes a URL apart as its author meant it. A password that is not encoded (`8/x`, `a#b`) turns parts of itself into the
 * host, the port or the path: such a URL is refused, because every part of it could be one of the password.
 * @param accepted what to say of text that is no such URL
 * @throws WrongUrl
 */
export function parseConnectionUrl(value: string, schemes: readonly string[], accepted: string): ConnectionUrl {
  const { scheme = '', authority = '', path = '', search = '', fragment } = SHAPE.exec(value.trim())?.groups ?? {};
  if (!schemes.includes(scheme.toLowerCase())) throw new WrongUrl(accepted);
  if (fragment !== undefined || `${path}${search}`.includes('@')) throw new WrongUrl(ENCODED);
  const end = authority.lastIndexOf('@');
  const [user = '', ...password] = authority.slice(0, Math.max(0, end)).split(':');
  return {
    scheme: scheme.toLowerCase(),
    user: decode(user),
    password: decode(password.join(':')),
    hosts: authority
      .slice(end + 1)
      .split(',')
      .map(toHost),
    path: decode(path.replace(/^\//, '')),
    // A plus is a plus: libpq and people who write passwords know no other meaning.
    parameters: new Map(new URLSearchParams(search.replaceAll('+', '%2B'))),
  };
}

export const isSocket = (host: string): boolean => host.startsWith('/');

/** A host as a URL has it. */
export const urlHost = (host: string): string => {
  if (isSocket(host)) return encodeURIComponent(host);
  return host.includes(':') ? `[${host}]` : host;
};

/** A setting that is such a URL. */
export const connectionUrl = <T>(parse: (value: string) => T) =>
  z.string().transform((value, context) => {
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof WrongUrl)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  });

/** @throws WrongUrl */
export function toPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536) return Number(text);
  throw new WrongUrl(`a port from 1 to 65535 behind the host, and ${ENCODED}`);
}

const HOST = /^(?:\[(?<six>[\da-f:.]+)\]|(?<name>[^\s:[\]<>^|\\"]*))(?::(?<port>.*))?$/i;

function toHost(text: string): Host {
  const found = HOST.exec(text)?.groups;
  if (found === undefined) throw new WrongUrl(`a host, and ${ENCODED}`);
  const { six, name = '', port } = found;
  return { host: six ?? decode(name), port: port === undefined ? undefined : toPort(port) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new WrongUrl(ENCODED);
  }
}

import { rootCause, systemCode } from '../../errors.js';
import { CONNECT_TIMEOUT_MS } from './transport.js';

/** Why there was no answer, in words: what the socket said, the time-out that passed, or what a proxy did. */
export function networkReason(thrown: unknown): string {
  const code = systemCode(thrown);
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return `no connection within ${CONNECT_TIMEOUT_MS / 1000} s (${code})`;
  const known = WORDS[code ?? ''];
  if (known !== undefined) return `${known} (${code})`;
  const cause = rootCause(thrown);
  const message = cause instanceof Error ? cause.message : String(cause);
  const refusal = /^Proxy response \((\d{3})\)/.exec(message)?.[1];
  if (refusal === '407') return 'the proxy that HTTPS_PROXY names wants a user and a password, or others (407)';
  if (refusal !== undefined) return `the proxy that HTTPS_PROXY names refused to connect us (${refusal})`;
  if (message === '') return code ?? 'no answer';
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}

/** Of bodies: what our bounds and the unpacking say. */
const WORDS: Readonly<Record<string, string>> = {
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'its answer is larger than any that was asked for',
  ERR_BUFFER_TOO_LARGE: 'its answer unpacks to more than any that was asked for',
  Z_DATA_ERROR: 'its answer is packed and cannot be unpacked',
  Z_BUF_ERROR: 'its answer is packed and ends too early',
};

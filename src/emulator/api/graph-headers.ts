import { header, type Call } from '../call.js';

/** The ids under which Graph knows one request. */
export interface RequestIds {
  readonly requestId: string;
  readonly clientRequestId: string;
}

/** Graph uses the caller's id if there is one, otherwise its own for both. */
export function requestIds(call: Call, requestId: string): RequestIds {
  return { requestId, clientRequestId: header(call, 'client-request-id') ?? requestId };
}

const DIAGNOSTIC = JSON.stringify({
  ServerInfo: { DataCenter: 'Emulator', Slice: 'E', Ring: '5', ScaleUnit: '000', RoleInstance: 'ROLLCALL' },
});

export const JSON_TYPE =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

/** What every answer of Graph carries. @see https://learn.microsoft.com/graph/best-practices-concept */
export function graphHeaders({ requestId, clientRequestId }: RequestIds): Record<string, string> {
  return {
    'Cache-Control': 'no-cache',
    'Strict-Transport-Security': 'max-age=31536000',
    'request-id': requestId,
    'client-request-id': clientRequestId,
    'x-ms-ags-diagnostic': DIAGNOSTIC,
    Vary: 'Accept-Encoding',
  };
}

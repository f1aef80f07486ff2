import { emptyTally, type GraphRequest, type GraphResponse, type Next } from '../../src/graph/compose.js';

/** A request for a page of people, with what a test wants otherwise. */
export function graphRequest(overrides: Partial<GraphRequest> = {}): GraphRequest {
  return {
    method: 'GET',
    url: new URL('https://graph.example/v1.0/users'),
    headers: {},
    signal: new AbortController().signal,
    timeoutMs: 10_000,
    isExpected: () => true,
    tally: emptyTally(),
    ...overrides,
  };
}

export function graphResponse(status: number, headers: Record<string, string> = {}, body: unknown = {}): GraphResponse {
  return { status, headers, body };
}

export interface ScriptedNext {
  readonly next: Next;
  readonly requests: GraphRequest[];
}

/** Answers with one step after the other; a step that is an error is thrown. Counts as the wire does. */
export function scripted(...steps: (GraphResponse | Error)[]): ScriptedNext {
  const requests: GraphRequest[] = [];
  return {
    requests,
    next: (request) => {
      const step = steps[requests.length];
      requests.push(request);
      request.tally.requests += 1;
      if (step === undefined) throw new Error(`an unexpected request number ${requests.length}`);
      return step instanceof Error ? Promise.reject(step) : Promise.resolve(step);
    },
  };
}

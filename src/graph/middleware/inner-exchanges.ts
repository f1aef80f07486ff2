import type { InnerRequest } from '../compose.js';
import { answersIn } from '../json-batch.js';
import { readableUri, unitsOf, type Exchange, type InnerExchange } from '../http/observe.js';

/**
 * What was asked inside a batch: an auditor asks which groups were read, and the batch alone does not say.
 * @param body of the batch's answer, if it has one
 */
export function innerExchanges({ status }: Exchange, inner: readonly InnerRequest[], body: unknown): InnerExchange[] {
  const answers = answersIn(body, inner.length);
  return inner.map(({ method, url, attempt }, index) => {
    const answer = answers[index];
    const isKnown = answer !== undefined && isStatus(answer.status);
    return {
      method,
      uri: readableUri(url),
      status: isKnown ? answer.status : null,
      error: isKnown ? null : `no answer: its batch ended with ${status ?? 'an error'}`,
      attempt,
      requestId: answer?.headers['request-id'] ?? null,
      resourceUnits: unitsOf(answer?.headers ?? {}),
    };
  });
}

/** A number in a body, unlike that of an exchange, may be any. */
const isStatus = (status: number) => status >= 100 && status <= 999;

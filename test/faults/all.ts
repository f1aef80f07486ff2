import { absence } from './absence.js';
import { changes } from './changes.js';
import type { FaultCase } from './fault-case.js';
import { login } from './login.js';
import { network } from './network.js';
import { oddAnswers } from './odd-answers.js';
import { paging } from './paging.js';
import { poisonAccess } from './poison-access.js';
import { poisonItems } from './poison-items.js';
import { poisonSignIns } from './poison-sign-ins.js';
import { postgres } from './postgres.js';
import { refusedParents } from './refused-parents.js';
import { redis } from './redis.js';
import { serverErrors } from './server-errors.js';
import { throttling } from './throttling.js';

/** Every fault there is, by family. */
export const families: Readonly<Record<string, readonly FaultCase[]>> = {
  throttling,
  'server errors': serverErrors,
  network,
  'odd answers': oddAnswers,
  login,
  paging,
  changes,
  absence,
  'poison: people and applications': poisonItems,
  'poison: access': poisonAccess,
  'refused parents': refusedParents,
  'poison: sign-ins': poisonSignIns,
  postgres,
  redis,
};

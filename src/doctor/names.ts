import type { GraphReader } from '../graph/index.js';
import { fetchConcealedNames, SHOW_NAMES } from '../jobs/sso-access/concealed-names.js';
import { ok, warning, type Finding } from './finding.js';

/** Whether Microsoft 365 conceals names; no finding if that cannot be read. */
export async function checkNames(reader: GraphReader): Promise<Finding[]> {
  const concealed = await fetchConcealedNames(reader);
  if (concealed === null || concealed === undefined) return [];
  return [
    concealed
      ? warning(
          'names',
          'this tenant conceals names in the usage reports of Microsoft 365',
          `Sign-ins without a name are kept apart (rollcall.suspicious_access). ${SHOW_NAMES}`,
        )
      : ok('names', 'they are not concealed'),
  ];
}

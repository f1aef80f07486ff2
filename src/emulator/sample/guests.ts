import { createRandom } from '../random.js';
import type { GraphObject } from '../tenant/graph-object.js';
import { DOMAINS, GUEST_DOMAINS } from './constants.js';
import { GIVEN_NAMES, mailName, SURNAMES } from './names.js';
import { person } from './person.js';

/** People of other companies: invited, some of whom never came, some of whom became members. */
export function guests(): readonly GraphObject[] {
  const random = createRandom(77);
  return Array.from({ length: 44 }, (_, index) => {
    const givenName = random.pick(GIVEN_NAMES);
    const surname = random.pick(SURNAMES);
    const domain = random.pick(GUEST_DOMAINS);
    const name = `${mailName(givenName)}.${mailName(surname)}${index}`;
    const address = `${name}@${domain}`;
    const pending = index % 9 === 4;
    return person(`guest ${index}`, {
      // A guest that was made a member keeps the name and the way it came.
      userType: index % 15 === 14 ? 'Member' : 'Guest',
      creationType: 'Invitation',
      externalUserState: pending ? 'PendingAcceptance' : 'Accepted',
      userPrincipalName: `${name}_${domain}#EXT#@${DOMAINS.initial}`,
      displayName: pending ? name : `${givenName} ${surname}`,
      givenName: pending ? null : givenName,
      surname: pending ? null : surname,
      mail: pending && index % 2 === 0 ? null : address,
      otherMails: [address],
      proxyAddresses: pending ? [] : [`SMTP:${address}`],
      createdDateTime: `2024-0${(index % 9) + 1}-21T11:05:09Z`,
      companyName: index % 2 === 0 ? domain.split('.')[0] : null,
    });
  });
}

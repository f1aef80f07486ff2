import type { GraphObject } from '../tenant/graph-object.js';
import { DOMAINS } from './constants.js';
import { person } from './person.js';

/** Ways of being blank that people type and directories keep: also the white space of other scripts and of old terminals. */
const BLANKS = {
  empty: '',
  space: ' ',
  tabs: '\t\r\n',
  'no.break': '\u00A0',
  ideographic: '\u3000\u2003',
  line: '\u0085',
};

const TEXTS = [
  'city', 'country', 'department', 'displayName', 'givenName', 'mail', 'officeLocation', 'state', 'surname', 'usageLocation',
  'userType',
] as const; // prettier-ignore

const everyText = (value: (name: string) => string): Readonly<Record<string, string>> =>
  Object.fromEntries(TEXTS.map((name) => [name, value(name)]));

/** People all of whose texts are blank, and one all of whose texts have blanks around them. */
export function blankPeople(): readonly GraphObject[] {
  const blanks = Object.entries(BLANKS).map(([key, blank]) =>
    person(`blank ${key}`, {
      ...everyText(() => blank),
      userPrincipalName: `blank.${key}@${DOMAINS.main}`,
      otherMails: [blank],
      proxyAddresses: [blank, `smtp:${blank}`],
    }),
  );
  return [
    ...blanks,
    person('blank name', { userPrincipalName: ' ', displayName: 'Nameless' }),
    person('padded', {
      ...everyText((name) => ` \u00A0${name}\t`),
      userType: ' Member ',
      mail: ` Padded@${DOMAINS.main} `,
      userPrincipalName: ` padded@${DOMAINS.main}\u3000`,
      otherMails: [`padded@${DOMAINS.main}`, ' other@private.example'],
      proxyAddresses: [`SMTP:padded@${DOMAINS.main}`, ` smtp: alias@${DOMAINS.main}\t`],
    }),
  ];
}

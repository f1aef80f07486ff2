import type { GraphObject } from '../tenant/graph-object.js';
import { DOMAINS } from './constants.js';
import { person } from './person.js';

/** Names that break what is not careful with text: COPY, CSV, arrays, JSON, terminals, sorting. */
const NAMES: readonly (readonly [givenName: string, surname: string])[] = [
  ['Tab\tbed', 'Per\tson'],
  ['New\nline', 'Per\r\nson'],
  ['Quote "Q"', "O'Quote"],
  ['Back\\slash', 'C:\\temp\\n'],
  ['\\N', 'Null'],
  ['NULL', 'null'],
  ['Comma, Inc.', '{braces}'],
  ['{"json":true}', '[1,2]'],
  ['semi;colon', 'pipe|d'],
  ['Smile 🚲', 'Fam 👩‍👩‍👧'],
  ['محمد', 'الأحمد'],
  ['דוד', 'כהן'],
  ['Zoe\u0308', 'Cafe\u0301'],
  ['Zoë', 'Café'],
  ['李', '小龙'],
  ['Ελένη', 'Παπαδοπούλου'],
  ['Игорь', 'Щукин'],
  ['İpek', 'Işık'],
  ['Zero\u200Bwidth', 'Non\u00A0breaking'],
  ['Right\u202Eleft', 'Mark\u200F'],
  [' leading', 'trailing '],
  ['<script>alert(1)</script>', '& Sons'],
  ["Robert'); DROP TABLE users;--", 'Tables'],
  ['%s %d', '${name}'],
  ['Ｆｕｌｌ', 'ｗｉｄｔｈ'],
  ['ﬁnn', 'Straße'],
  ['\u{10437}\u{20BB7}', 'Beyond'],
  ['x'.repeat(64), 'y'.repeat(64)],
  ['A', 'B'],
  ['', 'Empty'],
];

/** People with such names. */
export function oddNames(): readonly GraphObject[] {
  return NAMES.map(([givenName, surname], index) => {
    const address = `odd.name.${index}@${DOMAINS.main}`;
    return person(`odd name ${index}`, {
      givenName,
      surname,
      displayName: `${givenName} ${surname}`,
      userPrincipalName: address,
      mail: address,
      proxyAddresses: [`SMTP:${address}`],
      department: index % 2 === 0 ? `Dept "${surname}"` : null,
      officeLocation: index % 3 === 0 ? `Room ${givenName}` : null,
    });
  });
}

import { graphServicePrincipal } from '../../application-discovery/item.js';
import { toServicePrincipalRow } from '../../application-discovery/normalize.js';
import { servicePrincipalSources } from '../../application-discovery/sources.js';
import { graphUser } from '../../hr-roster/item.js';
import { toUserRow } from '../../hr-roster/normalize.js';
import { userSources } from '../../hr-roster/sources.js';
import type { Sources } from './tracked-collection.js';

const id = '6ea91a8d-e32e-41a1-b7bd-d2d185eed0e0';
type Properties = Readonly<Record<string, unknown>>;

interface Kind {
  readonly what: string;
  readonly sources: Sources;
  readonly properties: readonly string[];
  readonly toRow: (properties: Properties) => Properties;
  /** Two values of each property: whatever its column is made of, one of them makes a difference. */
  readonly values: Readonly<Record<string, readonly [unknown, unknown]>>;
}

const text = ['one', 'two'] as const;
const KINDS: readonly Kind[] = [
  {
    what: 'user',
    sources: userSources,
    properties: Object.keys(graphUser.shape),
    toRow: (properties) => toUserRow(graphUser.parse({ ...properties, id })),
    values: {
      '@odata.type': ['#microsoft.graph.agentUser', '#microsoft.graph.user'],
      userPrincipalName: ['ada@contoso.com', 'FE7CC8C15246EDCCA289C9A4022762F7'],
      mail: ['ada@contoso.com', 'bob@contoso.com'],
      proxyAddresses: [['smtp:ada@contoso.com'], ['smtp:zoe@contoso.com']],
      otherMails: [['ada@contoso.com'], ['eve@contoso.com']],
      givenName: text,
      surname: text,
      displayName: text,
      employeeHireDate: ['2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z'],
      createdDateTime: ['2018-01-01T00:00:00Z', '2019-01-01T00:00:00Z'],
      department: text,
      officeLocation: text,
      city: text,
      state: text,
      country: text,
      usageLocation: text,
      userType: ['Member', 'Guest'],
      accountEnabled: [true, false],
    },
  },
  {
    what: 'service principal',
    sources: servicePrincipalSources,
    properties: Object.keys(graphServicePrincipal.shape),
    toRow: (properties) => toServicePrincipalRow(graphServicePrincipal.parse({ ...properties, id })),
    values: {
      appId: [id, '00000003-0000-0000-c000-000000000000'],
      displayName: text,
      appDisplayName: text,
      servicePrincipalType: text,
      accountEnabled: [true, false],
      appRoleAssignmentRequired: [true, false],
      appOwnerOrganizationId: [id, '00000003-0000-0000-c000-000000000000'],
      preferredSingleSignOnMode: text,
      oauth2PermissionScopes: [[{}], []],
      verifiedPublisher: [{ displayName: 'one' }, { displayName: 'two' }],
    },
  },
];

describe.each(KINDS)('Of a $what', ({ sources, properties, toRow, values }) => {
  const others = properties.filter((name) => name !== 'id');

  test('every property that is read has a column', () => {
    expect(others.toSorted()).toEqual([...new Set(Object.values(sources).flat())].toSorted());
    expect(Object.keys(values).toSorted()).toEqual(others.toSorted());
  });

  /** The columns that differ with the property, whatever else is told: nothing, all of it, or any one other. */
  function differingWith(name: string): string[] {
    const told = [0, 1].flatMap((choice) => {
      const all = Object.fromEntries(others.map((other) => [other, values[other]![choice]]));
      return [{}, all, ...others.map((other) => ({ [other]: all[other] }))];
    });
    const columns = told.flatMap((rest) => {
      const rows = [undefined, ...values[name]!].map((value) => toRow({ ...rest, [name]: value }));
      const [absent, ...given] = rows;
      return Object.keys(absent!).filter((column) =>
        given.some((row) => JSON.stringify(row[column]) !== JSON.stringify(absent![column])),
      );
    });
    return [...new Set(columns)].sort();
  }

  test.each(others)('%s makes the columns that are declared to be made of it, and no other', (name) => {
    const declared = Object.entries(sources).flatMap(([column, made]) => (made.includes(name) ? [column] : []));
    expect(differingWith(name)).toEqual(declared.sort());
  });
});

import type { Mark } from '../../../store/index.js';
import { noneRead } from './none-read.js';

const applications = { kind: 'application', permission: 'Application.Read.All', mustRead: true } as const;
const groups = { kind: 'group', permission: 'GroupMember.Read.All', mustRead: false } as const;
const marks = (...reasons: Mark['reason'][]) =>
  reasons.map((reason) => ({ kind: 'skipped' as const, reason, name: null }));
const gone = { kind: 'absent', reason: 'not_found', name: null } as const;
const ROLES = ['Application.Read.All', 'GroupMember.Read.All'];

test.each([
  ['applications that are not found', applications, marks('not_found', 'not_found'), ROLES, 'graph_not_found'],
  ['applications, some forbidden', applications, marks('not_found', 'forbidden'), ROLES, 'graph_not_found'],
  ['forbidden applications', applications, marks('forbidden'), ROLES, 'graph_forbidden'],
  ['forbidden applications, the token says nothing', applications, marks('forbidden'), undefined, 'graph_forbidden'],
  ['groups that are not found', groups, marks('not_found'), ROLES, undefined],
  ['groups that are not found, the token says nothing', groups, marks('not_found'), undefined, undefined],
  ['forbidden groups', groups, marks('forbidden'), ROLES, undefined],
  ['forbidden groups, the token says nothing', groups, marks('forbidden'), undefined, 'graph_forbidden'],
  ['forbidden groups that Graph names', groups, [{ ...marks('forbidden')[0]!, name: 'Sales' }], undefined, undefined],
  ['hidden groups, the token says nothing', groups, marks('hidden_membership'), undefined, undefined],
  ['applications that are gone', applications, [gone], ROLES, undefined],
] as const)('of %s the run ends as it must', (_, parents, marked, roles, code) => {
  expect(noneRead(parents, marked, roles)?.code).toBe(code);
});

test('only a permission that is missing, or may be, is named as missing', () => {
  const said = (roles: readonly string[] | undefined) => noneRead(applications, marks('forbidden'), roles)!.message;
  expect(said(undefined)).toContain('the application lacks Application.Read.All: none of the 1 applications');
  expect(said(ROLES)).toContain('although the token has Application.Read.All');
  expect(said(ROLES)).not.toContain('lacks');
});

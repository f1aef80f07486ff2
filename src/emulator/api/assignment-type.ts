import { names, type ObjectType } from './object-type.js';

const PROPERTIES = names(`
  id deletedDateTime appRoleId createdDateTime principalDisplayName principalId principalType resourceDisplayName
  resourceId
`);

/** @see https://learn.microsoft.com/graph/api/resources/approleassignment */
export const APP_ROLE_ASSIGNMENT: ObjectType = {
  name: 'appRoleAssignment',
  properties: new Set(PROPERTIES),
  defaults: PROPERTIES,
  outside: new Set(),
  notNull: new Map([['appRoleId', '00000000-0000-0000-0000-000000000000']]),
};

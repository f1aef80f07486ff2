import type { MemberReference } from '../tenant/tenant-data.js';
import { names, type ObjectType } from './object-type.js';
import { SERVICE_PRINCIPAL } from './service-principal-type.js';
import { USER } from './user-type.js';

const GROUP_DEFAULTS = names(`
  id deletedDateTime classification createdDateTime description displayName expirationDateTime groupTypes
  isAssignableToRole mail mailEnabled mailNickname membershipRule membershipRuleProcessingState
  onPremisesLastSyncDateTime onPremisesSecurityIdentifier onPremisesSyncEnabled preferredDataLocation preferredLanguage
  proxyAddresses renewedDateTime resourceBehaviorOptions resourceProvisioningOptions securityEnabled securityIdentifier
  theme visibility
`);

/** @see https://learn.microsoft.com/graph/api/resources/group */
export const GROUP: ObjectType = {
  name: 'group',
  properties: new Set([
    ...GROUP_DEFAULTS,
    ...names(`
      assignedLabels assignedLicenses hasMembersWithLicenseErrors licenseProcessingState onPremisesDomainName
      onPremisesNetBiosName onPremisesProvisioningErrors onPremisesSamAccountName serviceProvisioningErrors uniqueName
    `),
  ]),
  defaults: GROUP_DEFAULTS,
  outside: new Set(),
  notNull: new Map(
    names('groupTypes proxyAddresses resourceBehaviorOptions resourceProvisioningOptions').map((name) => [name, []]),
  ),
};

const DEVICE_PROPERTIES = names(`
  id deletedDateTime accountEnabled deviceId displayName operatingSystem operatingSystemVersion trustType
`);

const DEVICE: ObjectType = {
  name: 'device',
  properties: new Set(DEVICE_PROPERTIES),
  defaults: DEVICE_PROPERTIES,
  outside: new Set(),
  notNull: new Map(),
};

const CONTACT_PROPERTIES = names(`id deletedDateTime companyName displayName givenName mail mailNickname surname`);

const CONTACT: ObjectType = {
  name: 'orgContact',
  properties: new Set(CONTACT_PROPERTIES),
  defaults: CONTACT_PROPERTIES,
  outside: new Set(),
  notNull: new Map(),
};

/** A type that groups contain, and the permissions, any of which shows more than its id. */
export interface MemberType {
  readonly type: ObjectType;
  readonly permissions: readonly string[];
}

/** @see https://learn.microsoft.com/graph/permissions-overview#limited-information-returned-for-inaccessible-member-objects */
export const MEMBER_TYPES: Readonly<Record<MemberReference['type'], MemberType>> = {
  user: {
    type: USER,
    permissions: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'User.ReadBasic.All'],
  },
  group: { type: GROUP, permissions: ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'] },
  device: { type: DEVICE, permissions: ['Device.Read.All', 'Directory.Read.All'] },
  orgContact: { type: CONTACT, permissions: ['OrgContact.Read.All', 'Directory.Read.All'] },
  servicePrincipal: { type: SERVICE_PRINCIPAL, permissions: ['Application.Read.All', 'Directory.Read.All'] },
};

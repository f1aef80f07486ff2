import type { DirectoryTable } from './directory-table.js';
import type { GraphObject } from './graph-object.js';
import type { LinkTable } from './link-table.js';
import type { SignInLog } from './sign-in-log.js';

/** A secret of an application. Its id is no secret, and pasting it in the secret's place is a common mistake. */
export interface ClientSecret {
  readonly id: string;
  readonly value: string;
  /** ISO date; undefined: never. */
  readonly expires?: string | undefined;
}

/** A trust in external tokens: issuer, subject, audience and key. */
export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** PEM; Entra finds it through the issuer's discovery document. */
  readonly publicKey: string;
}

/** An application that may log in. Its fields can be changed; granted roles show in the next token, as in Entra. */
export interface Application {
  readonly clientId: string;
  enabled: boolean;
  secrets: readonly ClientSecret[];
  /** PEM, without their keys. */
  certificates?: readonly string[];
  federatedCredentials?: readonly FederatedCredential[];
  /** Set if it is a managed identity of the emulated machine: its own, or an assigned one. */
  managedIdentity?: 'system' | 'user';
  /** Granted application permissions, such as `User.Read.All`. */
  roles: readonly string[];
}

/** A member of a group, by its type in the metadata of Graph. */
export interface MemberReference {
  readonly type: 'user' | 'group' | 'device' | 'orgContact' | 'servicePrincipal';
  readonly id: string;
}

/** Everything that one tenant holds. All of it can be changed while the emulator runs. */
export interface TenantData {
  readonly tenantId: string;
  readonly displayName: string;
  /** Names of the tenant at the login, besides its id. */
  readonly domains: readonly string[];
  readonly applications: Map<string, Application>;
  /** Has a P1 or P2 license: without one Graph refuses sign-ins. */
  premium: boolean;
  /** The setting "Display concealed user, group, and site names in all reports". */
  concealedNames: boolean;
  /** What Graph answers of the members of a group that hides them, without `Member.Read.Hidden`: 403 unless `empty`. */
  hiddenMembers?: 'forbidden' | 'empty';
  /** Assignments are listed on after their group is deleted; as a rule Graph takes them away with it. */
  assignmentsOutliveGroups?: boolean;
  readonly users: DirectoryTable;
  readonly servicePrincipals: DirectoryTable;
  readonly groups: DirectoryTable;
  readonly devices: DirectoryTable;
  readonly contacts: DirectoryTable;
  /** By the id of the group. */
  readonly members: LinkTable<MemberReference>;
  /** By the id of the service principal that is the resource. */
  readonly appRoleAssignments: LinkTable<GraphObject>;
  readonly signIns: SignInLog;
  organization: GraphObject;
  subscribedSkus: readonly GraphObject[];
  verifiedDomains: readonly GraphObject[];
}

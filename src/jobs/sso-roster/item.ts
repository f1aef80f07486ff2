import { z } from 'zod';
import { graphId, graphInstant, graphKey, graphOptionalId, graphText } from '../reading/graph-types.js';

/** @see https://learn.microsoft.com/graph/api/resources/approleassignment */
export const graphAssignment = z.object({
  /** No GUID: 43 characters of base64url. */
  id: graphKey,
  principalId: graphOptionalId,
  principalType: graphText,
  appRoleId: graphOptionalId,
  createdDateTime: graphInstant.nullish(),
});

/**
 * A member of a group: a user, a group, a device, a contact. If the application may not read its kind, Graph sends only type
 * and id, which suffice.
 * @see https://learn.microsoft.com/graph/api/group-list-members
 */
export const graphMember = z.object({ '@odata.type': graphText, id: graphId });

/** @see https://learn.microsoft.com/graph/api/resources/group */
export const graphGroup = z.object({
  id: graphId,
  displayName: z.string().nullish(),
  visibility: z.string().nullish(),
});

/** Reading the members of such a group also requires `Member.Read.Hidden`. */
export const hasHiddenMembers = (group: unknown): boolean =>
  graphGroup.safeParse(group).data?.visibility?.toLowerCase() === 'hiddenmembership';

const childOf = <Item extends z.ZodType>(item: Item) => z.object({ parent: graphId, item });
export const assignmentOfApplication = childOf(graphAssignment);
export const memberOfGroup = childOf(graphMember);

export type AssignmentOfApplication = z.output<typeof assignmentOfApplication>;
export type MemberOfGroup = z.output<typeof memberOfGroup>;

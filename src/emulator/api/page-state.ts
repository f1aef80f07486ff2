/** What a `$skiptoken` stands for: where a listing resumes. */
export interface PageState {
  readonly tenantId: string;
  /** Path of the collection; a token is good for no other. */
  readonly path: string;
  readonly select: string | null;
  readonly filter: string | null;
  readonly top: number;
  /** The place behind which the page begins; in sign-ins, a date and an id. */
  readonly after: number | string;
}

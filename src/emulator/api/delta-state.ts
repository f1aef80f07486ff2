/** What a delta token stands for: where a round resumes, or where the next one starts. */
export interface DeltaState {
  readonly tenantId: string;
  readonly path: string;
  readonly select: string | null;
  /** The last change that the reader knows of. */
  readonly since: number;
  /** The page within a round; null between rounds. */
  readonly page: { readonly round: 'initial' | 'changes'; readonly after: number; readonly upTo: number } | null;
}

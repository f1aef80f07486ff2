/** What a login gives. */
export interface Grant {
  readonly accessToken: string;
  readonly lifetimeMs: number;
}

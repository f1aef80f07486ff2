/** How an application proves who it is. */
export type Credential = {
  readonly tenantId: string;
  /** Of a managed identity: the client id of one that was assigned to the machine, or '' for the machine's own. */
  readonly clientId: string;
} & (
  | { readonly kind: 'secret'; readonly clientSecret: string }
  | {
      readonly kind: 'certificate';
      /** PEM: the certificate and its private key, in any order, maybe among others of a chain. */
      readonly certificate: string;
      /** Of the private key, if it is encrypted. */
      readonly password?: string | undefined;
    }
  /** The file holds a token of an issuer that the application trusts; it changes, so it is read for every login. */
  | { readonly kind: 'federated'; readonly tokenFile: string }
  | { readonly kind: 'managed-identity' }
);

/** Who hands out the tokens of managed identities on this machine. */
export type IdentityService =
  /** App Service, Functions, Container Apps: they say where, and a header that proves that we run there. */
  | { readonly kind: 'app-service'; readonly endpoint: string; readonly header: string }
  /** The metadata service of a virtual machine. */
  | { readonly kind: 'metadata'; readonly host: string };

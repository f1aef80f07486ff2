/** Where a cloud's login and Graph are, and for whom its tokens are. */
export interface Cloud {
  readonly authorityHost: string;
  readonly graphBaseUrl: string;
  readonly graphAudience: string;
}

export const CLOUD_NAMES = ['global', 'usgov', 'usgov-dod', 'china'] as const;
export type CloudName = (typeof CLOUD_NAMES)[number];

const cloud = (login: string, graph: string): Cloud => ({
  authorityHost: `https://${login}`,
  graphBaseUrl: `https://${graph}`,
  graphAudience: `https://${graph}`,
});

/**
 * Microsoft's clouds. Their directories, logins and tokens are separate; GCC is in the global one, GCC High is `usgov`.
 * @see https://learn.microsoft.com/graph/deployments
 * @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 */
export const CLOUDS: Readonly<Record<CloudName, Cloud>> = {
  global: cloud('login.microsoftonline.com', 'graph.microsoft.com'),
  usgov: cloud('login.microsoftonline.us', 'graph.microsoft.us'),
  'usgov-dod': cloud('login.microsoftonline.us', 'dod-graph.microsoft.us'),
  china: cloud('login.partner.microsoftonline.cn', 'microsoftgraph.chinacloudapi.cn'),
};

/** The hosts of a tenant: those of the cloud that it names, else those of the environment. */
export const hostsOf = (name: CloudName | null, { authorityHost, graphBaseUrl, graphAudience }: Cloud): Cloud =>
  name === null ? { authorityHost, graphBaseUrl, graphAudience } : CLOUDS[name];

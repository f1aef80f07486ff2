const GRAPH = ['https://graph.microsoft.com', '00000003-0000-0000-c000-000000000000'];
const SUFFIX = '/.default';

/** The resource that a scope names, or the number of the login error that the scope earns. */
export function audienceOf(scope: string, ownUrl: string): { audience: string } | { code: number; subject: string } {
  if (!scope.endsWith(SUFFIX)) return { code: 70011, subject: scope };
  // Microsoft's own samples also write `https://graph.microsoft.com//.default`.
  const resource = scope.slice(0, -SUFFIX.length).replace(/\/$/, '');
  if (GRAPH.includes(resource) || sameOrigin(resource, ownUrl)) return { audience: resource };
  return { code: 500011, subject: resource };
}

function sameOrigin(resource: string, ownUrl: string): boolean {
  return resource === ownUrl || resource === ownUrl.replace('localhost', '127.0.0.1');
}

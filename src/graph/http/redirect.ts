/**
 * Where a redirect leads, as a host: the rest of the address may be private.
 * @returns undefined if the answer is no redirect, or does not say where to
 */
export function redirectHost(
  { status, headers }: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  from: URL,
): string | undefined {
  const location = headers['location'];
  if (status < 300 || status >= 400 || location === undefined || !URL.canParse(location, from.href)) return undefined;
  return new URL(location, from.href).host;
}

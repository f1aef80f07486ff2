/** A body that is expensive to make. The same key always means the same body, so it can be cached. */
export interface LazyBody {
  readonly key: string;
  text(): string;
}

/** What goes back for a `Call`. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | LazyBody;
  /** For the request log. */
  readonly tenantId?: string | undefined;
  readonly units?: number | undefined;
}

/** The body as text, made if it must be. */
export function bodyText({ body }: Reply): string {
  return typeof body === 'string' ? body : body.text();
}

/** A reply of plain JSON, as the login and the control surface send it. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify(value),
  };
}

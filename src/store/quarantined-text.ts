/** Members that hold secrets in some of Graph's objects. They are never selected; a server may send them all the same. */
const SECRET = /secret|password|token|privatekey/i;

/**
 * An item as it is kept aside: for a person to read, redacted of nothing but secrets. jsonb takes neither NUL nor half of a
 * surrogate pair.
 */
export function quarantinedText(item: unknown): string {
  const text = JSON.stringify(item, (name, value: unknown) =>
    SECRET.test(name) && value !== null ? '[secret]' : value,
  );
  return text.replace(/\\u(0000|d[89a-f][0-9a-f]{2})/gi, '\\ufffd');
}

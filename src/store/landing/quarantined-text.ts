import { storableJson } from '../sql/storable-json.js';

/** Members that hold secrets in some of Graph's objects. They are never selected; a server may send them all the same. */
const SECRET = /secret|password|token|privatekey/i;

/** An item as it is kept aside: for a person to read, redacted of nothing but secrets. */
export const quarantinedText = (item: unknown): string =>
  storableJson(item, (name, value) => (SECRET.test(name) && value !== null ? '[secret]' : value));

// The least there is to do: the next page is on its way while one is parsed and the one before is copied, as it came.
import { once } from 'node:events';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { FIRST_PAGE, fetchToken, report } from './listing.mjs';

const client = new Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await client.query('create table floor (line text)');
await client.query('alter table floor alter column line set storage external');
const token = await fetchToken();
const get = async (url) => (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).text();

await report(async () => {
  const copy = client.query(copyFrom('copy floor from stdin'));
  let users = 0;
  for (let coming = get(FIRST_PAGE); coming !== undefined;) {
    const text = await coming;
    const { value, '@odata.nextLink': next } = JSON.parse(text);
    coming = next === undefined ? undefined : get(next);
    users += value.length;
    if (!copy.write(`${text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}\n`))
      await once(copy, 'drain');
  }
  copy.end();
  await once(copy, 'finish');
  return users;
});
await client.end();

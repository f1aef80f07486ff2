// Row by row, as in many a first version.
import { FIRST_PAGE, report } from './listing.mjs';
import { open } from './upsert.mjs';

const { graph, upsert, close } = await open();

await report(async () => {
  let users = 0;
  for (let link = FIRST_PAGE; link !== undefined && users < Number(process.env.BENCH_SAMPLE);) {
    const { value, '@odata.nextLink': next } = await graph.api(link).get();
    for (const item of value) await upsert([item]);
    users += value.length;
    link = next;
  }
  return users;
});
await close();

import { z } from 'zod';
import { selectOf, withQuery } from './select.js';

test("a schema's keys are its $select, without OData's own", () => {
  const schema = z.object({ '@odata.type': z.string(), id: z.string(), mail: z.string() });
  expect(selectOf(schema)).toBe('id,mail');
});

test('query options are encoded, and stay readable where they may', () => {
  expect(withQuery('/users', { $select: 'id,mail', $top: 999, $filter: "a ge 1 & b eq 'x'" })).toBe(
    "/users?$select=id,mail&$top=999&$filter=a%20ge%201%20%26%20b%20eq%20'x'",
  );
});

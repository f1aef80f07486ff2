import { readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { getTableColumns } from 'drizzle-orm';
import type { Command } from 'commander';
import type { z } from 'zod';
import { createContext } from '../../src/cli/context.js';
import { tenantsCommand } from '../../src/cli/commands/tenants/index.js';
import { tenantFields, tenantFlags, tenantSchema } from '../../src/settings/tenant.js';
import { toColumns, toSettings } from '../../src/store/index.js';
import { tenants } from '../../src/store/schema/index.js';

const FIELDS = Object.entries<z.ZodType>(tenantFields.shape);
/** What has another way than a flag: the argument, the required option, `enable` and `disable`. */
const WITHOUT_FLAG = ['name', 'tenant_id', 'disabled'];

const settings = tenantSchema.parse({
  name: 'contoso',
  tenant_id: '1b0c3d52-8f3e-4f37-9c61-0d5a7e8f9a10',
  client_id: 'app',
  credential: 'certificate',
  secret_ref: 'file:/run/certificate.pfx',
  password_ref: 'env:PASSWORD',
  cloud: 'usgov',
  include_guests: true,
  include_agents: true,
  domain_names: ['contoso.com'],
  schedule_nightly: '0 3 * * *',
  schedule_sso_access: 'off',
  schedule_time_zone: 'Europe/Berlin',
  role: 'contoso_reader',
});

const flagsOf = (name: string): string[] => {
  const err = Object.assign(new PassThrough(), process.stderr);
  const context = createContext({
    environment: {},
    out: new PassThrough(),
    err,
    signal: new AbortController().signal,
    setExitCode() {},
  });
  const command = tenantsCommand(context).commands.find((each: Command) => each.name() === name);
  return command?.options.map(({ long }) => long ?? '') ?? [];
};

describe('each field of a tenant is wherever a tenant is written', () => {
  const columns = Object.values(getTableColumns(tenants)).map(({ name }) => name);

  test.each(FIELDS)('%s', async (field, schema) => {
    expect(columns).toContain(field === 'disabled' ? 'disabled_at' : field);

    const flag = `--${field.replaceAll('_', '-')}`;
    const hasFlag = tenantFlags.get(schema) !== undefined;
    expect(hasFlag).toBe(!WITHOUT_FLAG.includes(field));
    for (const command of ['add', 'update']) expect(flagsOf(command).includes(flag) || !hasFlag).toBe(true);

    const file = JSON.parse(await readFile('schemas/tenants.schema.json', 'utf8')) as {
      properties: { tenants: { items: { properties: Record<string, unknown> } } };
    };
    expect(file.properties.tenants.items.properties[field]).toHaveProperty('description');
    expect(await readFile('README.md', 'utf8')).toMatch(new RegExp(`\\| \`${field}\` .*${hasFlag ? flag : ''}`));
  });
});

test('the columns of a tenant are its settings, and the settings its columns', () => {
  const instants = { createdAt: '', changedAt: '', disabledAt: null, removingAt: null };
  expect(toSettings({ ...toColumns(settings), ...instants })).toEqual(settings);
  expect(toSettings({ ...toColumns(settings), ...instants, disabledAt: '2026-01-01' }).disabled).toBe(true);
});

test('every field of the example differs from what is unset, so that none is lost unseen', () => {
  const unset = tenantFields.parse({ name: 'fabrikam', tenant_id: '22222222-0000-4000-8000-00000000c0de' });
  const same = FIELDS.map(([field]) => field).filter(
    (field) => JSON.stringify(Object(settings)[field]) === JSON.stringify(Object(unset)[field]),
  );
  expect(same).toEqual(['disabled']);
});

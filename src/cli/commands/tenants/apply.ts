import { openQueueApp, type App } from '../../../app.js';
import { RollcallError } from '../../../errors.js';
import type { Queue } from '../../../jobs/queue/queue.js';
import { ACCESS_FIELDS } from '../../../settings/tenant.js';
import type { CliContext } from '../../context.js';
import { formatValue, jsonLine } from '../../print.js';
import { operatingOnEach } from '../../operating.js';
import { checkBefore } from './check.js';
import { aboutTenant, changedFields, differencesBetween, type TenantDifference } from './difference.js';
import { readTenantsFile } from './file.js';
import { removeNow } from './remove.js';
import { listTenants, toSettings, saveTenants } from '../../../store/index.js';
import { patienceIn, readSettings, using } from '../../with-app.js';

interface ApplyFlags {
  readonly dryRun?: true;
  readonly remove?: true;
  readonly force?: true;
  readonly json?: true;
}

export async function execute(context: CliContext, path: string | undefined, flags: ApplyFlags): Promise<void> {
  const { config, log } = readSettings(context);
  const wanted = await readTenantsFile(path ?? config.tenantsFile ?? noFile());
  await using(openQueueApp(config, log, { create: true, ...patienceIn(context) }), async (app) => {
    const differences = differencesBetween((await listTenants(app.database)).map(toSettings), wanted);
    context.out.write(describe(differences, flags));
    if (flags.dryRun !== true) await applyAll(app, differences, context, flags);
  });
}

async function applyAll(
  app: App & { readonly queue: Queue },
  differences: readonly TenantDifference[],
  context: CliContext,
  flags: ApplyFlags,
): Promise<void> {
  const told = differences.map((each) => ({ action: 'tenants apply' as const, ...aboutTenant(each) }));
  const written = differences.flatMap((each) => (each.kind === 'remove' ? [] : [each.after]));
  await operatingOnEach(context, app.database, told, async (actions) => {
    await refuseUnready(app, differences, context, flags);
    const ofKind = (isRemoval: boolean) => (_: unknown, index: number) =>
      (differences[index]?.kind === 'remove') === isRemoval;
    const removals = actions.filter(ofKind(true));
    // First, because new tenants may take their names.
    for (const [index, { tenant_id: tenantId, name }] of goneOf(differences).entries()) {
      const rows = await removeNow(app, { tenantId, name }, context);
      await removals[index]?.done(app.database.db, { details: { rows } });
    }
    await saveTenants(app.database, written, async (db) => {
      for (const action of actions.filter(ofKind(false))) await action.done(db);
    });
  });
  for (const { tenant_id: tenantId, disabled } of written) if (disabled) await app.queue.setSchedules(tenantId, []);
}

const goneOf = (differences: readonly TenantDifference[]) =>
  differences.flatMap((each) => (each.kind === 'remove' ? [each.before] : []));

/** @throws RollcallError `command_invalid` if removals are not confirmed, `tenant_refused` */
async function refuseUnready(
  app: App,
  differences: readonly TenantDifference[],
  context: CliContext,
  flags: ApplyFlags,
): Promise<void> {
  const gone = goneOf(differences);
  if (gone.length > 0 && flags.remove !== true) throw notConfirmed(gone.map(({ name }) => name));
  for (const each of differences) {
    if (each.kind !== 'remove' && !each.after.disabled && changesAccess(each))
      await checkBefore(app, each.after, context, flags);
  }
}

const changesAccess = (difference: TenantDifference) =>
  difference.kind === 'add' || changedFields(difference).some(([field]) => ACCESS_FIELDS.includes(field));

const SIGNS = { add: '+', change: '~', remove: '-' } as const;

function describe(differences: readonly TenantDifference[], { json }: ApplyFlags): string {
  if (json === true) return differences.map((each) => jsonLine(factsOf(each))).join('');
  if (differences.length === 0) return 'Nothing differs.\n';
  return differences.map(describeOne).join('');
}

function factsOf(difference: TenantDifference) {
  const { name, tenant_id } = difference.kind === 'remove' ? difference.before : difference.after;
  const fields = changedFields(difference).map(([field, before, after]) => [field, { before, after }]);
  return { kind: difference.kind, name, tenant_id, fields: Object.fromEntries(fields) };
}

function describeOne(difference: TenantDifference): string {
  const { name, tenant_id: id } = difference.kind === 'remove' ? difference.before : difference.after;
  const cell = (value: unknown) => (value === null ? 'unset' : formatValue(value) || 'none');
  const lines = changedFields(difference).map(([field, before, after]) =>
    difference.kind === 'add' ? `${field}: ${cell(after)}` : `${field}: ${cell(before)} → ${cell(after)}`,
  );
  const what = difference.kind === 'remove' ? `${name} (${id}), with all of its rows` : `${name} (${id})`;
  return [`${SIGNS[difference.kind]} ${what}`, ...lines.map((line) => `    ${line}`)].join('\n') + '\n';
}

function noFile(): never {
  throw new RollcallError(
    'settings_invalid',
    'No file of tenants is named: ROLLCALL_TENANTS is not set',
    'Set it, or name the file: rollcall tenants apply tenants.yaml',
  );
}

const notConfirmed = (names: readonly string[]) =>
  new RollcallError(
    'command_invalid',
    `Nothing was changed: the file does not name ${names.join(', ')}, and to remove a tenant deletes all of its rows, for ever`,
    'If that is meant: the same command with --remove. To keep the rows, leave the tenant in the file with `disabled: true`.',
  );

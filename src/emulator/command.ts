import { Command, InvalidArgumentError } from 'commander';
import type { EmulatorOptions } from './emulator.js';
import { generateTenant } from './generate/generate-tenant.js';
import { sampleTenant } from './sample/sample-tenant.js';
import type { TenantData } from './tenant/tenant-data.js';

/** What the command line asks for. */
export interface EmulatorCommand {
  readonly options: EmulatorOptions;
  readonly tenant: TenantData;
  /** The folder for the certificate; by default a new temporary one. */
  readonly home: string | undefined;
}

interface Flags {
  readonly port: number;
  readonly users?: number;
  readonly tenants: number;
  readonly servicePrincipals: number;
  readonly groups: number;
  readonly members: number;
  readonly assignments: number;
  readonly signIns: number;
  readonly seed: number;
  readonly latency: number;
  readonly home?: string;
  readonly units?: number;
  readonly window: number;
  readonly reports?: number;
  readonly tokenLifetime?: number;
  readonly now?: Date;
}

/** Reads the arguments behind the program's name. */
export function parseCommand(args: readonly string[]): EmulatorCommand {
  const command = new Command('rollcall-emulator')
    .description('A local Microsoft Entra login and Graph, with a sample tenant')
    .option('--port <port>', 'port on 127.0.0.1; 0 for a free one', whole, 0)
    .option('--users <count>', 'a generated tenant with this many people instead of the sample', whole)
    .option('--tenants <count>', 'so many generated tenants of the same size, with ids that count up', whole, 1)
    .option('--service-principals <count>', 'of the generated tenant', whole, 0)
    .option('--groups <count>', 'of the generated tenant', whole, 0)
    .option('--members <count>', 'of each generated group', whole, 100)
    .option('--assignments <count>', 'to each generated application', whole, 50)
    .option('--sign-ins <count>', 'of the generated tenant', whole, 0)
    .option('--seed <number>', 'another generated tenant', whole, 1)
    .option('--latency <ms>', 'delay of every answer', whole, 0)
    .option('--home <folder>', 'where the certificate is written')
    .option('--units <count>', 'throttles: resource units a window', whole)
    .option('--window <ms>', 'length of the throttling window', whole, 10_000)
    .option('--reports <count>', 'throttles: requests for sign-ins a window', whole)
    .option('--token-lifetime <seconds>', 'of access tokens', whole)
    .option('--now <date>', 'the end of the time that the sign-ins cover', date);
  const flags = command.parse([...args], { from: 'user' }).opts<Flags>();
  const { users } = flags;
  const tenant = users === undefined ? sampleTenant({ now: flags.now }) : generated(flags, users);
  const throttled = flags.units !== undefined || flags.reports !== undefined;
  return {
    tenant,
    home: flags.home,
    options: {
      port: flags.port,
      latencyMs: flags.latency,
      tenants: [tenant, ...(users === undefined ? [] : furtherTenants(flags, users))],
      tokenLifetimeSeconds: flags.tokenLifetime,
      throttling: throttled
        ? { unitsPerWindow: flags.units ?? Infinity, windowMs: flags.window, reportsPerWindow: flags.reports }
        : undefined,
    },
  };
}

function generated(flags: Flags, users: number, tenantId?: string): TenantData {
  const { servicePrincipals, groups, signIns, seed, now, members, assignments } = flags;
  const sizes = { membersPerGroup: members, assignmentsPerApplication: assignments };
  return generateTenant({ users, tenantId, servicePrincipals, groups, signIns, seed, now, ...sizes });
}

/** The first one's application and secret; ids, and people, of their own. */
function furtherTenants(flags: Flags, users: number): TenantData[] {
  return Array.from({ length: flags.tenants - 1 }, (_, index) => {
    const place = index + 1;
    const tenantId = `b19b19b1-0000-4000-8000-${String(place).padStart(12, '0')}`;
    return generated({ ...flags, seed: flags.seed + place }, users, tenantId);
  });
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number is expected');
  return Number(text);
}

function date(text: string): Date {
  const parsed = new Date(text);
  if (Number.isNaN(parsed.valueOf())) throw new InvalidArgumentError('an ISO date is expected');
  return parsed;
}

import type { Config } from '../settings/config.js';
import { databasePlace } from '../settings/connections/database-url.js';
import type { Logger } from '../log.js';
import { embeddedPostgresExists, requirePlatformPackage, startEmbeddedPostgres } from '../embedded-postgres/index.js';
import {
  examineParts,
  examineSecurity,
  findUnfit,
  formatFault,
  migrationState,
  openDatabase,
  openTo,
  serverFacts,
  unusable,
  type Database,
} from '../store/index.js';
import { toFinding, ok, problem, warning, type Finding } from './finding.js';

/** The oldest that is supported. */
const OLDEST = 14;
/** As many as a worker needs from a pooler. */
const CONNECTIONS = 12;

export interface CheckedDatabase {
  readonly findings: readonly Finding[];
  /** Set if it can be used as it is, for the access log. */
  readonly usable: Database | undefined;
  /** Whether it may hold tenants that could not be read. */
  readonly hidesTenants: boolean;
  close(): Promise<void>;
}

/** Checks that the database answers, and what is in it. Creates and changes nothing. */
export async function checkDatabase(config: Config, log: Logger): Promise<CheckedDatabase> {
  const releases: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const release of releases.reverse()) await release();
  };
  try {
    const { databaseUrl = await embeddedUrl(config, log, releases) } = config;
    if (databaseUrl === undefined) {
      await requirePlatformPackage();
      const found = `there is no embedded Postgres under ${config.home} yet; the first \`rollcall sync\` or \`worker\` creates it`;
      return { findings: [ok('database', found)], usable: undefined, hidesTenants: false, close };
    }
    const database = await openDatabase({
      url: databaseUrl,
      log,
      maxConnections: CONNECTIONS,
      // Somebody may have locked a table for hours: that is a finding.
      lockTimeout: '5s',
      certificateAuthority: config.certificateAuthority,
    });
    releases.push(() => database.close());
    const findings = await checkServer(database, nameOf(databaseUrl, config));
    const usable = findings.every(({ level }) => level === 'ok') ? database : undefined;
    return { findings, usable, hidesTenants: usable === undefined && !findings.includes(EMPTY), close };
  } catch (error) {
    return { findings: [toFinding('database', error)], usable: undefined, hidesTenants: true, close };
  }
}

async function embeddedUrl({ home }: Config, log: Logger, releases: (() => Promise<void>)[]) {
  if (!embeddedPostgresExists(home)) return undefined;
  const postgres = await startEmbeddedPostgres({ home, log });
  releases.push(() => postgres.release());
  return postgres.connectionString;
}

/** Without the user and the password. */
function nameOf(databaseUrl: string, { databaseUrl: given, home }: Config): string {
  return `${databasePlace(databaseUrl)}${given === undefined ? ` (embedded, under ${home})` : ''}`;
}

async function checkServer(database: Database, name: string): Promise<Finding[]> {
  const { version, major, mayCreate } = await serverFacts(database);
  const found = `Postgres ${version} at ${name}`;
  const server =
    major < OLDEST ? problem('database', found, `Use Postgres ${OLDEST} or newer.`) : ok('database', found);
  const unfit = await findUnfit(database);
  if (unfit !== undefined) return [problem('database', `${found}: ${unfit.found}`, unfit.advice)];
  const migrations = await checkMigrations(database, mayCreate);
  return [server, migrations, ...(migrations.level === 'ok' ? await checkRows(database) : [])];
}

/** Row-level security, as a restore or a change by hand may have left it. */
async function checkRows(database: Database): Promise<Finding[]> {
  const parts = await examineParts(database.pool);
  if (parts.length > 0) {
    // The check of row-level security may need one of them.
    const { message, advice } = unusable(parts);
    const isOurs = parts.every(({ kind }) => kind === 'function');
    return [
      problem('tables', message, isOurs ? 'Run `rollcall migrate`, which creates them again or says who can.' : advice),
    ];
  }
  const security = await examineSecurity(database);
  const [first] = security.faults;
  if (first === undefined) return [];
  const open = openTo(security);
  const more = security.faults.length === 1 ? '' : `; and ${security.faults.length - 1} more`;
  const found = `row-level security is not in order: ${formatFault(open ?? first)}${more}`;
  const advice =
    'Run `rollcall migrate`, which repairs it or says who can; docs/operating.md says how to restore a backup.';
  return [(open === undefined ? warning : problem)('rows', found, advice)];
}

const EMPTY_WORDS = 'the database has no tables of Rollcall yet';
const MIGRATE = 'Run `rollcall migrate`; the next `rollcall sync` or `worker` does it as well.';
const EMPTY = warning('migrations', EMPTY_WORDS, MIGRATE);

async function checkMigrations(database: Database, mayCreate: boolean): Promise<Finding> {
  const check = 'migrations';
  const { applied, known } = await migrationState(database);
  if (applied === known) return ok(check, `all ${known} are applied`);
  if (applied > known) {
    return problem(
      check,
      `the database is at migration ${applied}; this version of Rollcall knows ${known}`,
      'Use the version of Rollcall that migrated it, or a later one.',
    );
  }
  const found = applied === 0 ? EMPTY_WORDS : `${known - applied} of ${known} are missing`;
  if (!mayCreate) {
    return problem(
      check,
      `${found}, and the role of DATABASE_URL may not create schemas`,
      'As its owner: grant create on database … to that role. Then run `rollcall migrate`.',
    );
  }
  if (applied === 0) return EMPTY;
  return warning(check, found, MIGRATE);
}

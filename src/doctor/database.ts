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
import { failed, ok, problem, warning, type Finding } from './finding.js';

/** The oldest that is supported. */
const OLDEST = 14;
/** Of these as many are opened as a pooler has to give a worker. */
const CONNECTIONS = 12;

export interface ExaminedDatabase {
  readonly findings: readonly Finding[];
  /** Where it can be used as it is: to write down what was asked of Graph. */
  readonly usable: Database | undefined;
  /** Whether tenants may be kept there that could not be looked for. */
  readonly hidesTenants: boolean;
  close(): Promise<void>;
}

/** Looks at the database: whether it answers, and what stands in it. Creates and changes nothing. */
export async function examineDatabase(config: Config, log: Logger): Promise<ExaminedDatabase> {
  const releases: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const release of releases.reverse()) await release();
  };
  try {
    const { databaseUrl = await embeddedUrl(config, log, releases) } = config;
    if (databaseUrl === undefined) {
      await requirePlatformPackage();
      const found = `there is no embedded Postgres under ${config.home} yet; the first \`rollcall sync\` or \`worker\` makes it`;
      return { findings: [ok('database', found)], usable: undefined, hidesTenants: false, close };
    }
    const database = await openDatabase({
      url: databaseUrl,
      log,
      maxConnections: CONNECTIONS,
      certificateAuthority: config.certificateAuthority,
    });
    releases.push(() => database.close());
    const findings = await examineServer(database, nameOf(databaseUrl, config));
    const usable = findings.every(({ level }) => level === 'ok') ? database : undefined;
    return { findings, usable, hidesTenants: usable === undefined && !findings.includes(EMPTY), close };
  } catch (error) {
    return { findings: [failed('database', error)], usable: undefined, hidesTenants: true, close };
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

async function examineServer(database: Database, name: string): Promise<Finding[]> {
  const { version, major, mayCreate } = await serverFacts(database);
  const found = `Postgres ${version} at ${name}`;
  const server =
    major < OLDEST ? problem('database', found, `Use Postgres ${OLDEST} or newer.`) : ok('database', found);
  const unfit = await findUnfit(database);
  if (unfit !== undefined) return [problem('database', `${found}: ${unfit.found}`, unfit.advice)];
  const migrations = await examineMigrations(database, mayCreate);
  return [server, migrations, ...(migrations.level === 'ok' ? await examineRows(database) : [])];
}

/** What a restore or a change by hand has left open or closed. */
async function examineRows(database: Database): Promise<Finding[]> {
  const parts = await examineParts(database.pool);
  if (parts.length > 0) {
    // What row-level security is examined by may be among them.
    const { message, advice } = unusable(parts);
    const isOurs = parts.every(({ kind }) => kind === 'function');
    return [
      problem('tables', message, isOurs ? 'Run `rollcall migrate`, which makes them again or says who can.' : advice),
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

async function examineMigrations(database: Database, mayCreate: boolean): Promise<Finding> {
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

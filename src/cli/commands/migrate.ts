import { keepsActions, migrationState, type Database } from '../../store/index.js';
import type { CliContext } from '../context.js';
import { operating } from '../operating.js';
import { jsonLine } from '../print.js';
import { openMigratedApp } from '../../app.js';
import { patienceIn, readSettings, using } from '../with-app.js';

export async function execute(context: CliContext, flags: { json?: true }): Promise<void> {
  const { config, log } = readSettings(context);
  const opening = openMigratedApp(config, log, {
    ...patienceIn(context),
    migrating: (database, migrate) => recorded(context, database, migrate),
  });
  await using(opening, async ({ applied, databaseLocation }) => {
    const said = `${databaseLocation}: ${applied === 0 ? 'up to date' : `${applied} migrations applied`}\n`;
    context.out.write(flags.json === true ? jsonLine({ database: databaseLocation, applied }) : said);
  });
}

/** With an account of it if there is anything to apply: written before, unless the table for it comes only with it. */
async function recorded(context: CliContext, database: Database, migrate: () => Promise<number>): Promise<number> {
  const told = { action: 'migrate' } as const;
  const state = await migrationState(database);
  if (state.applied >= state.known) return migrate();
  const record = (work: () => Promise<number>) =>
    operating(context, database, told, async (action) => {
      const applied = await work();
      await action.done(database.db, { details: { applied, from: state.applied, to: state.known } });
      return applied;
    });
  if (await keepsActions(database)) return record(migrate);
  const applied = await migrate();
  return record(async () => applied);
}

import type { CliContext } from '../../context.js';
import { requireTenant } from '../../lookup.js';
import { formatTable, jsonLine } from '../../print.js';
import { factsOf } from './facts.js';
import { withReadingApp } from '../../with-app.js';

export async function execute(context: CliContext, nameOrId: string, flags: { json?: true }): Promise<void> {
  await withReadingApp(context, async (app) => {
    const { tenantId } = await requireTenant(app.database, nameOrId);
    const facts = await factsOf(app, tenantId);
    context.out.write(flags.json === true ? jsonLine(facts) : formatTable(['', ''], Object.entries(facts)));
  });
}

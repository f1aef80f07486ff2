import { readdirSync } from 'node:fs';
import { schedulesOf } from '../../src/jobs/worker/schedule.js';
import type { Task } from '../../src/jobs/task.js';
import type { TestDatabase } from './servers/database.js';

const folders = new URL('../../src/jobs/', import.meta.url);
const SETTINGS = { nightly: '0 2 * * *', 'sign-ins': '15 * * * *', timeZone: 'UTC' };

/** The steps that were forgotten when a task was added: see "Add a task" in docs/architecture.md. */
export async function forgottenSteps(task: Task, registry: readonly Task[], database: TestDatabase): Promise<string[]> {
  const tables = [...task.collections, ...(task.stream ? [task.stream] : [])].map(({ table }) => table.name);
  const exists = async (name: string) => {
    const [row] = await database.rows<{ exists: boolean }>('select to_regclass($1) is not null as exists', [name]);
    return row!.exists;
  };
  const commented = await database.rows(
    `select from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
     where c.oid = to_regclass($1) and (obj_description(c.oid) is null or col_description(c.oid, a.attnum) is null)`,
    [task.view],
  );
  const folderNames = readdirSync(folders, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const missingTables = (
    await Promise.all(tables.map(async (table) => ((await exists(`rollcall_data.${table}`)) ? [] : [table])))
  ).flat();
  return [
    ...(folderNames.some(({ name }) => name === task.name) ? [] : [`a folder src/jobs/${task.name}`]),
    ...(registry.some(({ name }) => name === task.name) ? [] : ['a line in src/jobs/registry.ts']),
    ...(task.permissions.length > 0 ? [] : ['the permissions it needs']),
    ...(tables.length > 0 ? [] : ['something to read']),
    ...missingTables.map((table) => `a migration that makes ${table}`),
    ...((await exists(task.view)) ? [] : [`a view ${task.view}`]),
    ...(commented.length === 0 ? [] : [`comments on ${task.view}`]),
    ...(schedulesOf('tenant', [task], SETTINGS).length > 0 ? [] : ['a schedule']),
    ...task.dependsOn
      .filter((need) => !registry.some(({ name }) => name === need))
      .map((need) => `the task ${need} that it needs`),
  ];
}

import { Column, is, SQL } from 'drizzle-orm';
import { getTableConfig, getViewConfig, PgTable, PgView } from 'drizzle-orm/pg-core';
import { knownMigrations } from '../migrations.js';
import * as schema from '../schema/index.js';

/** A table or a view that this version needs. */
export interface ExpectedRelation {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly hasKey: boolean;
}

/** A function that row-level security hangs on, as the last migration that makes it does. */
export interface ExpectedFunction {
  readonly name: string;
  readonly body: string;
  readonly definer: boolean;
  readonly searchPath: string;
  /** What makes it, or makes it again. */
  readonly statement: string;
}

/** All tables and views, from the schema of the code. */
export function expectedRelations(): ExpectedRelation[] {
  return Object.values(schema).flatMap((each: unknown) => {
    if (is(each, PgTable)) {
      const { schema: schemaName = 'public', name, columns, primaryKeys } = getTableConfig(each);
      const hasKey = primaryKeys.length > 0 || columns.some(({ primary }) => primary);
      return [{ schema: schemaName, name, columns: columns.map((column) => column.name), hasKey }];
    }
    if (!is(each, PgView)) return [];
    const { schema: schemaName = 'public', name, selectedFields } = getViewConfig(each);
    return [{ schema: schemaName, name, columns: Object.values(selectedFields).flatMap(nameOf), hasKey: false }];
  });
}

function nameOf(field: unknown): string[] {
  if (is(field, Column)) return [field.name];
  return is(field, SQL.Aliased) ? [field.fieldAlias] : [];
}

const FUNCTION =
  /create (?:or replace )?function (?<name>rollcall_\w+\.\w+)\((?<argument>[^)]*)\)(?<head>.*?) as \$\$(?<body>.*)\$\$/is;

/** All functions that stay in the database, from the migrations. */
export function expectedFunctions(): ExpectedFunction[] {
  const last = new Map<string, ExpectedFunction>();
  for (const statement of knownMigrations().flatMap(({ sql }) => sql)) {
    const { name, argument = '', head = '', body = '' } = FUNCTION.exec(statement)?.groups ?? {};
    if (name === undefined) continue;
    last.set(name, {
      name: `${name}(${argument.split(' ').slice(1).join(' ')})`,
      body,
      definer: /security definer/i.test(head),
      searchPath: `search_path=${/set search_path = (?<path>[\w, ]+?)\s*$/i.exec(head)?.groups?.['path'] ?? ''}`,
      statement: statement.replace(/create function/i, 'create or replace function'),
    });
  }
  return [...last.values()];
}

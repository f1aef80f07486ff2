import { readFile } from 'node:fs/promises';
import { YAMLParseError, parse } from 'yaml';
import { RollcallError, systemCode } from '../../../errors.js';
import { describeIssues, tenantsFileSchema, type TenantSettings } from '../../../settings/tenant.js';

/**
 * The tenants in a file, YAML or JSON.
 * @throws RollcallError `settings_invalid`, one for all problems; it repeats no value
 */
export async function readTenantsFile(path: string): Promise<TenantSettings[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw wrong(path, `cannot be read: ${systemCode(cause) ?? 'no reason was given'}`, cause);
  });
  const parsed = tenantsFileSchema.safeParse(parseYaml(path, text));
  if (!parsed.success) throw wrong(path, `is wrong:\n  ${describeIssues(parsed.error).join('\n  ')}`);
  return parsed.data.tenants;
}

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    // Its message quotes the line, which may hold a secret; the place is enough.
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    throw wrong(path, `is not YAML${line === undefined ? '' : `: see line ${line}`}`);
  }
}

const wrong = (path: string, what: string, cause?: unknown) =>
  new RollcallError(
    'settings_invalid',
    `The tenants file ${path} ${what}`,
    'Correct it; schemas/tenants.schema.json says what may be in it. Nothing was changed.',
    { cause },
  );

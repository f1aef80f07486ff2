import { Option } from 'commander';
import type { z } from 'zod';
import { RollcallError } from '../../../errors.js';
import { SECRET_REF_HELP } from '../../../settings/secret-ref.js';
import { describeIssues, tenantSchema, type TenantSettings } from '../../../settings/tenant.js';
import { accepts, fieldOptions, NONE, SECRET_OPTIONS } from './field-options.js';

/** What commander makes of the options, by their camel-cased names. */
export type FieldFlags = Readonly<Record<string, unknown>>;

/** The fields that were given, as a file would have them. @throws RollcallError `command_invalid` if a secret was given */
export function toFields(flags: FieldFlags): Partial<Record<keyof TenantSettings, unknown>> {
  if (SECRET_OPTIONS.some((name) => flags[new Option(name).attributeName()] !== undefined)) {
    throw new RollcallError(
      'command_invalid',
      'A secret was given; what Rollcall takes is where the secret is, so that it is in no table, no log and no list of processes',
      `Put it into a variable or a file of the worker, and say ${SECRET_REF_HELP} (--secret-ref, --password-ref). The one that was given is in the history of this shell now.`,
    );
  }
  const given = fieldOptions().flatMap(({ field, schema, option }) => {
    const text = flags[option.attributeName()];
    return typeof text === 'string' ? [[field, valueOf(schema, text)] as const] : [];
  });
  return Object.fromEntries(flags['name'] === undefined ? given : [['name', flags['name']], ...given]);
}

function valueOf(schema: z.ZodType, text: string): unknown {
  if (accepts(schema, true)) return text === 'yes';
  if (accepts(schema, [])) return text === NONE ? [] : namesIn(text);
  return text === NONE && accepts(schema, null) ? null : text;
}

const namesIn = (names: string) =>
  names
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);

/** @throws RollcallError `command_invalid`, one for everything that is wrong */
export function toTenant(fields: Readonly<Record<string, unknown>>): TenantSettings {
  const parsed = tenantSchema.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw new RollcallError(
    'command_invalid',
    `The tenant cannot be registered with these settings:\n  ${describeIssues(parsed.error).join('\n  ')}`,
    'Correct what is named above: rollcall tenants add --help',
  );
}

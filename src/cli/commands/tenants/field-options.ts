import { Option, type Command } from 'commander';
import type { z } from 'zod';
import { tenantFields, tenantFlags, type Flag } from '../../../settings/tenant.js';

/** Takes away what may be unset. */
export const NONE = 'none';
/** Refused with an explanation, because someone will try them. */
export const SECRET_OPTIONS = ['--client-secret', '--secret', '--password'];

export interface FieldOption {
  readonly field: string;
  readonly schema: z.ZodType;
  readonly option: Option;
}

/** The option of each field that has one. */
export const fieldOptions = (): FieldOption[] =>
  Object.entries<z.ZodType>(tenantFields.shape).flatMap(([field, schema]) => {
    const flag = tenantFlags.get(schema);
    return flag === undefined ? [] : [{ field, schema, option: optionOf(field, schema, flag) }];
  });

export const accepts = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;

export function addFieldOptions(command: Command): Command {
  for (const { option } of fieldOptions()) command.addOption(option);
  for (const name of SECRET_OPTIONS) command.addOption(new Option(`${name} <value>`).hideHelp());
  return command;
}

function optionOf(field: string, schema: z.ZodType, { takes, choices }: Flag): Option {
  const { description = '' } = schema.meta() ?? {};
  const isUnsettable = accepts(schema, null);
  const unsets = isUnsettable || accepts(schema, []) ? ` (${NONE}: unset)` : '';
  const help = `${description.charAt(0).toLowerCase()}${description.slice(1)}${unsets}`;
  const option = new Option(`--${field.replaceAll('_', '-')} <${takes}>`, help);
  if (accepts(schema, true)) return option.choices(['yes', 'no']);
  return choices === undefined ? option : option.choices(isUnsettable ? [...choices, NONE] : choices);
}

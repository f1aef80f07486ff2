import { z } from 'zod';

/** An address of one of these protocols. */
export const url = (protocols: readonly string[], accepted: string) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), { error: accepted });

export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .refine((v) => /^\d{1,9}$/.test(v) && Number(v) >= min && Number(v) <= max, {
      error: `a whole number from ${min} to ${max}`,
    })
    .transform(Number);

/** What the settings table of the README says of a variable. */
export interface Documentation {
  readonly description: string;
  /** What applies if it is unset. */
  readonly unset: string;
}

/** A setting with what the README says of it. */
export const documented = <S extends z.ZodType>(schema: S, description: string, unset: string): S =>
  schema.meta({ description, unset } satisfies Documentation);

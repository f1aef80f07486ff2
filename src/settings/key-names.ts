/** `clientId` → `client_id`. */
export type SnakeCase<S extends string> = S extends `${infer Head}${infer Rest}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeCase<Rest>}`
  : S;

/** `client_id` → `clientId`. */
export type CamelCase<S extends string> = S extends `${infer Head}_${infer Rest}`
  ? `${Head}${Capitalize<CamelCase<Rest>>}`
  : S;

type SnakeKeys<T> = { [K in keyof T & string as SnakeCase<K>]: T[K] };
type CamelKeys<T> = { [K in keyof T & string as CamelCase<K>]: T[K] };

export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camelCase = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** The same values under the names that files and tables use. */
export function snakeKeys<T extends object>(values: T): SnakeKeys<T>;
export function snakeKeys(values: object): object {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [snakeCase(name), value]));
}

/** The same values under the names that the code uses. */
export function camelKeys<T extends object>(values: T): CamelKeys<T>;
export function camelKeys(values: object): object {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [camelCase(name), value]));
}

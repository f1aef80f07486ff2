/** An object of the directory, with the property names of Graph's metadata. */
export interface GraphObject {
  readonly id: string;
  readonly [property: string]: unknown;
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

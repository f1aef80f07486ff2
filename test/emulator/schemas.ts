import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { isRecord } from '../../src/emulator/tenant/graph-object.js';
import { hasGraphReference } from '../support/part.js';

const FOLDER = fileURLToPath(new URL('../../../shared/graph/schema/', import.meta.url));

/** Holds a body against a schema; returns what is wrong with it, so that a test can expect nothing. */
export type Judge = (schema: string, body: unknown) => readonly string[];

/** Microsoft's types as JSON Schema, or undefined on a machine that does not have them: then it says so. */
export function loadSchemas(): Judge | undefined {
  if (!hasGraphReference(existsSync(FOLDER))) return undefined;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.schema.json'))) {
    const schema: unknown = JSON.parse(readFileSync(`${FOLDER}${file}`, 'utf8'));
    if (isRecord(schema)) ajv.addSchema(schema, file.replace('.schema.json', ''));
  }
  return (schema, body) => {
    const validate = ajv.getSchema(schema);
    if (validate === undefined) throw new Error(`there is no schema ${schema}`);
    return validate(body) === true
      ? []
      : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
  };
}

import { isRecord } from '../tenant/graph-object.js';

/** The part of JSON Patch that faults need. @see https://www.rfc-editor.org/rfc/rfc6902 */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  /** JSON pointer, such as `/value/0/mail`. */
  readonly path: string;
  readonly value?: unknown;
}

/** A copy of the document with the operations carried out. A path that leads nowhere is an error in the test. */
export function patched(document: unknown, operations: readonly PatchOperation[]): unknown {
  let copy = structuredClone(document);
  for (const operation of operations) {
    const steps = operation.path.split('/').slice(1).map(unescape);
    const last = steps.pop();
    if (last === undefined) copy = operation.value;
    else change(steps.reduce(step, copy), last, operation);
  }
  return copy;
}

function step(parent: unknown, name: string): unknown {
  if (Array.isArray(parent)) return parent[Number(name)];
  if (isRecord(parent)) return parent[name];
  throw new Error(`a patch leads through ${name}, where there is nothing`);
}

function change(parent: unknown, name: string, { op, path, value }: PatchOperation): void {
  if (Array.isArray(parent)) {
    const index = name === '-' ? parent.length : Number(name);
    parent.splice(index, op === 'add' ? 0 : 1, ...(op === 'remove' ? [] : [value]));
  } else if (isRecord(parent)) {
    if (op === 'remove') delete parent[name];
    else parent[name] = value;
  } else throw new Error(`a patch leads to ${path}, where there is nothing`);
}

function unescape(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

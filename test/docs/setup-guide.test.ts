import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { comparable, stepsOf, withOutputs } from '../support/console-blocks.js';
import { createDoctorStage, type DoctorStage } from '../support/setup/doctor-stage.js';
import { run } from '../support/rollcall.js';

const DOCUMENT = fileURLToPath(new URL('../../docs/setup.md', import.meta.url));
/** Instead of comparing, writes into the document what is printed now. To be read before it is committed. */
const WRITE = process.env['WRITE_DOCS'] === '1';

let stage: DoctorStage;
beforeAll(async () => {
  stage = await createDoctorStage();
});
afterAll(() => stage.close());

test('the setup guide ends in a green doctor, which prints what stands there', async () => {
  const document = await readFile(DOCUMENT, 'utf8');
  const [step, ...others] = stepsOf(document).filter((step) => 'args' in step);
  expect([step?.args, others]).toEqual([['doctor'], []]);
  const { code, out } = await run(step!.args, stage.environment);
  expect(code).toBe(0);
  const printed = asShown(out);
  if (WRITE) await writeFile(DOCUMENT, withOutputs(document, [printed]));
  else expect(withoutNumbers(printed)).toBe(withoutNumbers(step!.shown));
});

/** With Microsoft's hosts instead of the emulator's, which is both. */
const asShown = (printed: string): string =>
  printed
    .replaceAll(/^(\w+ +graph +)localhost:\d+/gm, '$1graph.microsoft.com')
    .replaceAll(/localhost:\d+/g, 'login.microsoftonline.com')
    .replaceAll(/127\.0\.0\.1:\d+\/rollcall\w*/g, 'db.example:5432/rollcall');

const withoutNumbers = (text: string): string =>
  comparable(text)
    .replaceAll(/Postgres [\d.]+/g, 'Postgres <version>')
    .replaceAll(/all \d+ are applied/g, 'all are applied')
    .replaceAll(/[\d,]+ bytes/g, '<bytes>');

// The table of what the trials found. Fails where they were fewer, or met less, than they are meant to.
import { readFile, rm } from 'node:fs/promises';
import commonTeardown from '../global-teardown.mjs';
import { formatTable } from '../../dist/cli/print.js';

const LEAST_KILLS = 100;

export default async function globalTeardown({ testPathPatterns, testNamePattern }) {
  const lines = await readFile(process.env.ROLLCALL_KILLS_REPORT, 'utf8').catch(() => '');
  const found = lines
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  await rm(globalThis.killsFolder, { recursive: true, force: true });
  await commonTeardown();
  const findings = found.filter(({ note }) => note === undefined);
  const columns = columnsOf(findings);
  const rows = findings.map((finding) => columns.map(([, of]) => of(finding)));
  const totals = columns.map(([, of]) => sum(findings, of));
  const head = columns.map(([name]) => name);
  process.stdout.write(`\n${formatTable(head, [...rows, ['all', '', '', ...totals.slice(3)]])}\n`);
  for (const { note } of found) if (note !== undefined) process.stdout.write(`${note}\n`);
  process.stdout.write(`KILLS_SEED=${process.env.KILLS_SEED}\n`);
  // Who looks into one trial is not held to what all of them must meet.
  if (testPathPatterns.patterns.length === 0 && !testNamePattern) requireAll(findings);
}

function columnsOf([first]) {
  const nested = (name) => Object.keys(first?.[name] ?? {}).map((key) => [key, (finding) => finding[name][key]]);
  const plain = (head, name) => [head, (finding) => finding[name]];
  return [
    plain('queue', 'queue'),
    plain('workers', 'workers'),
    plain('what ran', 'ran'),
    plain('kills', 'kills'),
    ...nested('moments'),
    ...nested('tasks'),
    plain('attempts', 'attempts'),
    plain('rows compared', 'compared'),
    plain('rows lost', 'lost'),
    plain('surplus', 'surplus'),
    plain('open runs', 'openRuns'),
    plain('stuck jobs', 'stuckJobs'),
    plain('left in staging', 'leftInStaging'),
    plain('extra requests', 'extraRequests'),
    plain('s', 'seconds'),
  ];
}

/** Tests that say that all is well after three kills of one task would prove nothing. */
function requireAll(findings) {
  const kills = sum(findings, ({ kills }) => kills);
  if (kills < LEAST_KILLS) throw new Error(`${kills} kills are fewer than ${LEAST_KILLS}`);
  for (const kind of ['moments', 'tasks']) {
    for (const name of Object.keys(findings[0][kind])) {
      if (sum(findings, (finding) => finding[kind][name]) === 0) throw new Error(`no kill met ${name}`);
    }
  }
}

const sum = (findings, of) => findings.reduce((total, finding) => total + Number(of(finding)), 0);

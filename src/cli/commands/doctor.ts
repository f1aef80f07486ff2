import { checkSetup, type Finding, type Report } from '../../doctor/index.js';
import type { CliContext } from '../context.js';
import { formatValue, jsonLine } from '../print.js';
import { readSettings } from '../with-app.js';

interface DoctorFlags {
  readonly tenant?: string;
  readonly json?: true;
}

export async function execute(context: CliContext, { tenant, json }: DoctorFlags): Promise<void> {
  const { config, log } = readSettings(context);
  const reports = await checkSetup(config, { log, signal: context.signal, only: tenant }).catch((error: unknown) => {
    if (!context.signal.aborted) throw error;
    context.setExitCode(130);
  });
  if (reports === undefined) return;
  context.out.write(json === true ? reports.flatMap(facts).join('') : describe(reports));
  if (countOf(reports, 'problem') > 0) context.setExitCode(1);
}

function facts({ tenant, findings }: Report): string[] {
  return findings.map(({ check, level, found, advice }) =>
    jsonLine({ tenant_id: tenant?.tenantId ?? null, check, level, found, advice: advice ?? '' }),
  );
}

const LEVEL_WIDTH = 'problem'.length + 2;

function describe(reports: readonly Report[]): string {
  const all = reports.flatMap(({ findings }) => findings);
  const width = Math.max(...all.map(({ check }) => check.length)) + 2;
  const parts = reports.map(({ tenant, findings }) => {
    const head = tenant === null ? '' : `Tenant ${formatValue(tenant.name)}\n`;
    return `${head}${findings.map((finding) => line(finding, width)).join('')}`;
  });
  return `${parts.join('\n')}\n${summary(reports)}\n`;
}

function line({ check, level, found, advice }: Finding, width: number): string {
  const indent = ' '.repeat(LEVEL_WIDTH + width);
  const toDo = advice === undefined ? '' : `${indent}What to do: ${formatValue(advice)}\n`;
  return `${level.padEnd(LEVEL_WIDTH)}${check.padEnd(width)}${formatValue(found)}\n${toDo}`;
}

function summary(reports: readonly Report[]): string {
  const problems = countOf(reports, 'problem');
  const warnings = countOf(reports, 'warning');
  if (problems + warnings === 0) return 'All is well.';
  const told = [
    [problems, 'problem'],
    [warnings, 'warning'],
  ] as const;
  const counted = told
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}${count === 1 ? '' : 's'}`);
  return `${counted.join(', ')}.${problems > 0 ? ' Problems can hide others: fix these, then run doctor again.' : ''}`;
}

const countOf = (reports: readonly Report[], level: Finding['level']): number =>
  reports.flatMap(({ findings }) => findings).filter((finding) => finding.level === level).length;

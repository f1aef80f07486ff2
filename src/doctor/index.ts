export { examine, type ExamineOptions, type Report } from './examine.js';
export { subjectOf } from './subjects.js';
export { examineTenant } from './tenant.js';
export type { Examination } from './examination.js';
export type { Finding, Level } from './finding.js';

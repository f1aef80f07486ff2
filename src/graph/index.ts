export { createGraphClient, type GraphClient, type GraphReader } from './client.js';
export type { Credential } from './token-source.js';
export type { Cost } from './middleware/telemetry.js';
export type { Page } from './pages.js';
export type { Answer, Start } from './read-many.js';
export { selectOf, withQuery } from './select.js';
export type { Exchange } from './observe.js';
export type { Ask, BudgetStore, Lease } from './budget/budget-store.js';
export type { SharedBudget } from './budget/budget.js';

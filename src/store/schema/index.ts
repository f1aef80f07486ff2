export * from './schemas.js';
export * from './bookkeeping.js';
export * from './changes.js';
export * from './runs.js';
export * from './users.js';

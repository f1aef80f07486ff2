export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded-postgres.js';
export { embeddedPostgresExists } from './layout.js';
export { requirePlatformPackage } from './platform-package.js';

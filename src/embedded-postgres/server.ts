import type { Logger } from '../log.js';
import type { Credentials } from './credentials.js';
import type { Launcher } from './launcher.js';
import type { Layout } from './layout.js';

/** A cluster, and what is needed to run its server. */
export interface Server {
  readonly layout: Layout;
  readonly launcher: Launcher;
  readonly credentials: Credentials;
  readonly log: Logger;
}

/**
 * The parts of Rollcall that ask Graph and the login. A `sync` on the command line works as a worker does; that a person
 * started it is an operator action.
 */
export const ASKERS = ['worker', 'proxy', 'doctor', 'console'] as const;
export type Asker = (typeof ASKERS)[number];

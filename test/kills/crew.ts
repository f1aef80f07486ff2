import type { Ended } from '../support/rollcall.js';
import { startVictim, type Victim } from './victim.js';

/** The processes of a trial: workers that are started again whenever they die, and somebody who asks for work. */
export interface Crew {
  /** Those that live, the youngest last. */
  alive(): readonly Victim[];
  /** Starts workers where they are missing. @throws Error where a process has ended that nobody killed */
  complete(): void;
  /** Runs `rollcall sync` in a process of its own, where none is running. */
  sync(): void;
  /** Tells the workers to stop, and waits for whoever asked for work. @returns how each of them ended, and after how long */
  stop(): Promise<readonly (Ended & { readonly ms: number })[]>;
  killAll(): Promise<void>;
}

export function createCrew(
  workers: number,
  { environment, databaseUrl }: { environment: Record<string, string>; databaseUrl?: string },
): Crew {
  let crew: { readonly role: 'worker' | 'sync'; readonly victim: Victim }[] = [];
  const alive = () => crew.map(({ victim }) => victim).filter((victim) => victim.isAlive());
  const add = (role: 'worker' | 'sync') =>
    void crew.push({ role, victim: startVictim([role], environment, databaseUrl) });
  const clear = () => {
    for (const { role, victim } of crew) {
      const ended = victim.endedByItself();
      if (ended === undefined || ended.code === 0) continue;
      throw new Error(`a ${role} ended that nobody killed: ${JSON.stringify(ended)}`);
    }
    crew = crew.filter(({ victim }) => victim.isAlive());
  };
  const count = (wanted: 'worker' | 'sync') => crew.filter(({ role }) => role === wanted).length;
  return {
    alive,
    complete() {
      clear();
      while (count('worker') < workers) add('worker');
    },
    sync() {
      clear();
      if (count('sync') === 0) add('sync');
    },
    async stop() {
      const workers = crew.filter(({ role, victim }) => role === 'worker' && victim.isAlive());
      const stopping = workers.map(async ({ victim: { running } }) => {
        // Before that, it is Node that would be told, which knows no manners.
        await running.saysOnErr('worker started');
        const told = performance.now();
        running.child.kill('SIGTERM');
        const ended = await running.ended;
        return { ...ended, ms: performance.now() - told };
      });
      const ends = await Promise.all(stopping);
      for (const { victim } of crew) await victim.running.ended;
      clear();
      return ends;
    },
    async killAll() {
      await Promise.all(alive().map((victim) => victim.kill()));
      crew = [];
    },
  };
}

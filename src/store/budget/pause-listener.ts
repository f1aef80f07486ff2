import type { PoolClient } from 'pg';
import type { Database } from '../database.js';
import { createHints } from './hints.js';

type Listener = (pauseMs: number) => void;

/** Hears of pauses, for all applications of a process over one connection. */
export interface BudgetEar {
  on(application: string, listener: Listener): void;
  off(application: string): void;
  /** Opens the connection again after it broke. Without it, pauses are learnt with the next lease. */
  listenAgain(): void;
  close(): Promise<void>;
}

/** Every role of a database may notify it and listen to it. A notification names an application and says nothing else. */
export const CHANNEL = 'rollcall_budget';

/** @param pauseLeft reads the pause of an application, in milliseconds, from the books */
export function createBudgetEar({ pool }: Database, pauseLeft: (application: string) => Promise<number>): BudgetEar {
  const listeners = new Map<string, Listener[]>();
  let ear: PoolClient | undefined;
  let opening: Promise<void> | undefined;
  let silentUntil = 0;
  let closed = false;

  const hint = createHints({
    knows: (application) => listeners.has(application),
    async look(application) {
      const pauseMs = await pauseLeft(application);
      for (const listener of listeners.get(application) ?? []) listener(pauseMs);
    },
    onFlood(silenceMs) {
      silentUntil = performance.now() + silenceMs;
      letGo();
    },
  });

  function letGo(): void {
    ear
      ?.removeAllListeners('notification')
      .removeAllListeners('error')
      .on('error', () => {});
    ear?.release(true);
    ear = undefined;
  }

  async function listen(): Promise<void> {
    const client = await pool.connect();
    const forget = () => {
      client.release(true);
      ear = undefined;
    };
    client.once('error', forget);
    client.on('notification', ({ payload = '' }) => hint(payload));
    try {
      await client.query(`listen ${CHANNEL}`);
      ear = client;
      if (performance.now() < silentUntil) letGo();
    } catch (error) {
      client.off('error', forget);
      client.on('error', () => {});
      client.release(true);
      throw error;
    }
  }

  function listenAgain(): void {
    if (closed || ear !== undefined || opening !== undefined || listeners.size === 0) return;
    if (performance.now() < silentUntil) return;
    opening = listen()
      .catch(() => {})
      .finally(() => (opening = undefined));
  }

  return {
    on(application, listener) {
      listeners.set(application, [...(listeners.get(application) ?? []), listener]);
      listenAgain();
    },
    off: (application) => void listeners.delete(application),
    listenAgain,
    async close() {
      closed = true;
      await opening;
      letGo();
    },
  };
}

import type { PoolClient } from 'pg';
import type { Database } from './database.js';

type Listener = (pauseMs: number) => void;

/** Hears of pauses, for all applications of a process over one connection. */
export interface BudgetEar {
  on(application: string, listener: Listener): void;
  off(application: string): void;
  /** Opens the connection again where it broke. Without it, pauses are learnt with the next lease. */
  listenAgain(): void;
  close(): Promise<void>;
}

export const CHANNEL = 'rollcall_budget';

export function createBudgetEar({ pool }: Database): BudgetEar {
  const listeners = new Map<string, Listener[]>();
  let ear: PoolClient | undefined;
  let opening: Promise<void> | undefined;
  let closed = false;

  async function listen(): Promise<void> {
    const client = await pool.connect();
    const forget = () => {
      client.release(true);
      ear = undefined;
    };
    client.once('error', forget);
    client.on('notification', ({ payload = '' }) => {
      const end = payload.lastIndexOf(' ');
      for (const listener of listeners.get(payload.slice(0, end)) ?? []) listener(Number(payload.slice(end + 1)));
    });
    try {
      await client.query(`listen ${CHANNEL}`);
      ear = client;
    } catch (error) {
      client.off('error', forget);
      client.on('error', () => {});
      client.release(true);
      throw error;
    }
  }

  function listenAgain(): void {
    if (closed || ear !== undefined || opening !== undefined || listeners.size === 0) return;
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
      ear?.removeAllListeners('error').on('error', () => {});
      ear?.release(true);
      ear = undefined;
    },
  };
}

import { z } from 'zod';
import { connectSuperuser } from './connection.js';

/** An idle connection that shows that this process uses the server; it ends with the process, even if that is killed. */
export interface Presence {
  /** How many other processes use the server. Throws if the connection is broken. */
  countOthers(): Promise<number>;
  /** Whether the server still answers on this connection. */
  answers(): Promise<boolean>;
  leave(): Promise<void>;
}

const APPLICATION = 'rollcall-presence';
const Count = z.tuple([z.object({ count: z.number() })]);
const COUNT = `select count(*)::int as count from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()`;

/** @param onLost called once if the server ends the connection before we leave */
export async function announcePresence(port: number, superuserPassword: string, onLost: () => void): Promise<Presence> {
  const client = await connectSuperuser(port, superuserPassword, APPLICATION, 'let exit');
  let state: 'open' | 'lost' | 'left' = 'open';
  client.once('end', () => {
    if (state !== 'open') return;
    state = 'lost';
    onLost();
  });
  return {
    async countOthers() {
      const { rows } = await client.query(COUNT, [APPLICATION]);
      return Count.parse(rows)[0].count;
    },
    async answers() {
      if (state !== 'open') return false;
      return client.query('select').then(
        () => true,
        () => false,
      );
    },
    async leave() {
      if (state !== 'open') return;
      state = 'left';
      await client.end();
    },
  };
}

import { z } from 'zod';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../../src/emulator/index.js';

/** Made once for the whole suite: a key pair takes as long as many a test. */
export const testCertificate = z
  .object({ cert: z.string(), key: z.string() })
  .parse(JSON.parse(process.env['ROLLCALL_TEST_CERTIFICATE'] ?? '{}'));

export const startTestEmulator = (options: EmulatorOptions = {}): Promise<Emulator> =>
  startEmulator({ certificate: testCertificate, ...options });

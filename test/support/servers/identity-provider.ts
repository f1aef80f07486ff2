import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportSPKI, generateKeyPair, SignJWT } from 'jose';
import type { FederatedCredential } from '../../../src/emulator/index.js';

/** Somebody else who issues tokens, as Kubernetes does, and puts them into a file. */
export interface IdentityProvider {
  /** What an application must trust. */
  readonly trust: FederatedCredential;
  readonly tokenFile: string;
  /** Puts a new token into the file. @param claims that differ from what is trusted */
  renew(claims?: { issuer?: string; subject?: string; audience?: string; expires?: Date }): Promise<void>;
  /** Puts this into the file. */
  write(text: string): Promise<void>;
  /** From now on it signs with another key. */
  changeKey(): Promise<void>;
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;

export async function createIdentityProvider(): Promise<IdentityProvider> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-identity-'));
  const tokenFile = join(folder, 'token');
  let keys = await generateKeyPair('RS256', { extractable: true });
  const trusted = {
    issuer: 'https://issuer.example/cluster/',
    subject: 'system:serviceaccount:rollcall:worker',
    audience: 'api://AzureADTokenExchange',
  };
  const trust = { ...trusted, publicKey: await exportSPKI(keys.publicKey) };
  const write = (text: string) => writeFile(tokenFile, text);
  return {
    trust,
    tokenFile,
    async renew(claims = {}) {
      const { issuer, subject, audience } = { ...trusted, ...claims };
      const token = await new SignJWT()
        .setProtectedHeader({ alg: 'RS256', kid: 'test' })
        .setIssuer(issuer)
        .setSubject(subject)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(claims.expires ?? new Date(Date.now() + HOUR_MS))
        .sign(keys.privateKey);
      await write(`${token}\n`);
    },
    write,
    async changeKey() {
      keys = await generateKeyPair('RS256', { extractable: true });
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

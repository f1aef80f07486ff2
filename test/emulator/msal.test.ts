import { expect, test } from '@jest/globals';
import { ConfidentialClientApplication, type INetworkModule } from '@azure/msal-node';
import { startEmulator } from '../../src/emulator/emulator.js';
import { SAMPLE_CLIENT_ID, SAMPLE_CLIENT_SECRET, SAMPLE_TENANT_ID } from '../../src/emulator/sample/constants.js';
import { createTestClient } from './client.js';

test('Microsoft’s own login library finds its way by discovery and gets a token', async () => {
  await using emulator = await startEmulator();
  await using client = createTestClient(emulator);
  const network: INetworkModule = {
    async sendGetRequestAsync(url: string, options?: object) {
      const { status, json } = await client.send(url, options);
      return { status, headers: {}, body: json as never };
    },
    async sendPostRequestAsync(url: string, options?: object) {
      const { status, json } = await client.send(url, { ...options, method: 'POST' });
      return { status, headers: {}, body: json as never };
    },
  };
  const application = new ConfidentialClientApplication({
    auth: {
      clientId: SAMPLE_CLIENT_ID,
      clientSecret: SAMPLE_CLIENT_SECRET,
      authority: `${emulator.url}/${SAMPLE_TENANT_ID}`,
      knownAuthorities: [new URL(emulator.url).host],
    },
    system: { networkClient: network },
  });
  const result = await application.acquireTokenByClientCredential({ scopes: [`${emulator.url}/.default`] });
  expect(result).toMatchObject({ tokenType: 'Bearer', accessToken: expect.any(String) });
  expect(emulator.requests.map(({ path }) => path.split('?')[0])).toEqual([
    `/${SAMPLE_TENANT_ID}/v2.0/.well-known/openid-configuration`,
    `/${SAMPLE_TENANT_ID}/oauth2/v2.0/token`,
  ]);
});

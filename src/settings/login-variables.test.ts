import { resolve } from 'node:path';
import { readConfig, type Environment } from './config.js';

const WHO = {
  AZURE_TENANT_ID: '1B0C3D52-8F3E-4F37-9C61-0D5A7E8F9A10',
  AZURE_CLIENT_ID: '8a5a3f0e-6f52-4b1f-9b7c-2d1e0f3a4b5c',
};
const SECRET = { AZURE_CLIENT_SECRET: 'hunter2-hunter2' };
const CERTIFICATE = { AZURE_CLIENT_CERTIFICATE_PATH: '/run/certificate.pfx' };
const TOKEN_FILE = { AZURE_FEDERATED_TOKEN_FILE: '/run/token' };
const APP_SERVICE = { IDENTITY_ENDPOINT: 'http://127.0.0.1:42/msi/token', IDENTITY_HEADER: 'hunter3' };

const read = (environment: Environment) => readConfig({ ...WHO, ...environment });

function errorOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return String(error);
  }
  throw new Error('expected an error');
}

describe('the credential is the one that AZURE_CREDENTIAL names, or else the first that is there, as in the Azure SDKs', () => {
  test.each<[string, Environment, object]>([
    [
      'a secret before all',
      { ...SECRET, ...CERTIFICATE, ...TOKEN_FILE, ...APP_SERVICE },
      { credential: 'secret', secretRef: 'env:AZURE_CLIENT_SECRET' },
    ],
    [
      'then a certificate',
      { ...CERTIFICATE, ...TOKEN_FILE, ...APP_SERVICE },
      { credential: 'certificate', secretRef: 'file:/run/certificate.pfx', passwordRef: null },
    ],
    [
      'with its password',
      { ...CERTIFICATE, AZURE_CLIENT_CERTIFICATE_PASSWORD: 'hunter4' },
      {
        credential: 'certificate',
        secretRef: 'file:/run/certificate.pfx',
        passwordRef: 'env:AZURE_CLIENT_CERTIFICATE_PASSWORD',
      },
    ],
    ['then a token file', { ...TOKEN_FILE, ...APP_SERVICE }, { credential: 'federated', secretRef: 'file:/run/token' }],
    ['then a managed identity', APP_SERVICE, { credential: 'managed-identity', secretRef: null }],
    [
      'or the one that is named',
      { ...SECRET, ...TOKEN_FILE, AZURE_CREDENTIAL: 'federated' },
      { credential: 'federated', secretRef: 'file:/run/token' },
    ],
    [
      'or the one that is named, of a virtual machine',
      { ...SECRET, AZURE_CREDENTIAL: 'managed-identity' },
      { credential: 'managed-identity', secretRef: null },
    ],
    [
      'its file by its absolute path',
      { AZURE_CLIENT_CERTIFICATE_PATH: 'certificate.pem' },
      { credential: 'certificate', secretRef: `file:${resolve('certificate.pem')}` },
    ],
  ])('%s', (_, environment, access) => {
    expect(read(environment).tenant?.access).toMatchObject(access);
  });

  test('no secret is in the settings, only where it is; it is fetched from there', async () => {
    const config = read({ ...SECRET, ...CERTIFICATE, AZURE_CLIENT_CERTIFICATE_PASSWORD: 'hunter4' });
    expect(JSON.stringify(config)).not.toContain('hunter');
    await expect(config.readSecret(config.tenant?.access.secretRef ?? '')).resolves.toBe('hunter2-hunter2');
  });

  test("a managed identity needs no client id: without one it is the machine's own", () => {
    const config = readConfig({ AZURE_TENANT_ID: WHO.AZURE_TENANT_ID, ...APP_SERVICE });
    expect(config.tenant).toMatchObject({ access: { clientId: '', credential: 'managed-identity' } });
    expect(config.identityService).toEqual({
      kind: 'app-service',
      endpoint: 'http://127.0.0.1:42/msi/token',
      header: 'hunter3',
    });
  });

  test('the metadata service may be elsewhere', () => {
    const environment = { ...SECRET, AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:43/' };
    expect(read(environment).identityService).toEqual({ kind: 'metadata', host: 'http://127.0.0.1:43' });
    expect(read(SECRET).identityService).toBeUndefined();
  });

  test.each<[string, Environment, string[]]>([
    [
      'nothing at all',
      {},
      ['AZURE_CLIENT_SECRET is not set', 'AZURE_FEDERATED_TOKEN_FILE, or AZURE_CREDENTIAL=managed-identity'],
    ],
    [
      'a certificate without its path',
      { AZURE_CREDENTIAL: 'certificate', ...SECRET },
      ['AZURE_CLIENT_CERTIFICATE_PATH is not set; expected the path of a PEM or PFX'],
    ],
    [
      'a token without its file',
      { AZURE_CREDENTIAL: 'federated' },
      ['AZURE_FEDERATED_TOKEN_FILE is not set; expected'],
    ],
    [
      'a certificate of nobody',
      { ...CERTIFICATE, AZURE_CLIENT_ID: '', LOG_LEVEL: 'loud' },
      ['2 settings are wrong', 'AZURE_CLIENT_ID is not set', 'LOG_LEVEL is'],
    ],
  ])('%s is an error that names what is missing', (_, environment, expected) => {
    const message = errorOf(() => read(environment));
    for (const part of expected) expect(message).toContain(part);
    expect(message).not.toContain('hunter');
  });

  test('a platform that offers an identity to everybody configures no tenant by that', () => {
    expect(readConfig(APP_SERVICE).tenant).toBeUndefined();
  });
});

describe('a cloud sets login, Graph and audience together', () => {
  test.each<[string | undefined, string, string]>([
    [undefined, 'https://login.microsoftonline.com', 'https://graph.microsoft.com'],
    ['global', 'https://login.microsoftonline.com', 'https://graph.microsoft.com'],
    ['usgov', 'https://login.microsoftonline.us', 'https://graph.microsoft.us'],
    ['usgov-dod', 'https://login.microsoftonline.us', 'https://dod-graph.microsoft.us'],
    ['china', 'https://login.partner.microsoftonline.cn', 'https://microsoftgraph.chinacloudapi.cn'],
  ])('%s', (AZURE_CLOUD, authorityHost, graph) => {
    expect(read({ ...SECRET, AZURE_CLOUD })).toMatchObject({
      authorityHost,
      graphBaseUrl: graph,
      graphAudience: graph,
    });
  });

  test('each of them may be another', () => {
    const AZURE_CLOUD = 'usgov';
    const gateway = 'https://gateway.example/graph';
    expect(read({ ...SECRET, AZURE_CLOUD, AZURE_AUTHORITY_HOST: 'https://login.example' })).toMatchObject({
      authorityHost: 'https://login.example',
      graphBaseUrl: 'https://graph.microsoft.us',
    });
    // A gateway in front of a cloud that is named hands on its tokens; one of an unknown cloud has its own.
    expect(read({ ...SECRET, AZURE_CLOUD, GRAPH_BASE_URL: gateway }).graphAudience).toBe('https://graph.microsoft.us');
    expect(read({ ...SECRET, GRAPH_BASE_URL: gateway }).graphAudience).toBe('https://gateway.example');
    expect(
      read({ ...SECRET, GRAPH_BASE_URL: gateway, GRAPH_AUDIENCE: 'https://graph.example/.default' }).graphAudience,
    ).toBe('https://graph.example');
  });
});

describe('a proxy', () => {
  const url = 'http://proxy.example:3128';
  test.each<[Environment, object | undefined]>([
    [{}, undefined],
    [{ HTTPS_PROXY: url }, { url, except: '' }],
    [
      { https_proxy: url, no_proxy: 'a.example' },
      { url, except: 'a.example' },
    ],
    [
      { HTTPS_PROXY: 'http://other.example', https_proxy: url, NO_PROXY: 'b.example' },
      { url, except: 'b.example' },
    ],
    [
      { HTTPS_PROXY: url, https_proxy: '', NO_PROXY: '*' },
      { url, except: '*' },
    ],
  ])('of %j', (environment, proxy) => {
    expect(read({ ...SECRET, ...environment }).proxy).toEqual(proxy);
  });

  test.each(['proxy.example:3128', 'socks5://proxy.example', 'http://user:hunter%2@proxy.example'])(
    'that cannot be used (%s) is refused, without its value',
    (HTTPS_PROXY) => {
      const message = errorOf(() => read({ ...SECRET, HTTPS_PROXY }));
      expect(message).toContain('HTTPS_PROXY is a value that does not fit (not shown); expected a URL');
      expect(message).not.toContain('hunter');
    },
  );
});

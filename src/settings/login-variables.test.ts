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
      { kind: 'secret', clientSecret: 'hunter2-hunter2' },
    ],
    [
      'then a certificate',
      { ...CERTIFICATE, ...TOKEN_FILE, ...APP_SERVICE },
      { kind: 'certificate', path: '/run/certificate.pfx' },
    ],
    [
      'with its password',
      { ...CERTIFICATE, AZURE_CLIENT_CERTIFICATE_PASSWORD: 'hunter4' },
      { kind: 'certificate', path: '/run/certificate.pfx', password: 'hunter4' },
    ],
    ['then a token file', { ...TOKEN_FILE, ...APP_SERVICE }, { kind: 'federated', tokenFile: '/run/token' }],
    ['then a managed identity', APP_SERVICE, { kind: 'managed-identity' }],
    [
      'or the one that is named',
      { ...SECRET, ...TOKEN_FILE, AZURE_CREDENTIAL: 'federated' },
      { kind: 'federated', tokenFile: '/run/token' },
    ],
    [
      'or the one that is named, of a virtual machine',
      { ...SECRET, AZURE_CREDENTIAL: 'managed-identity' },
      { kind: 'managed-identity' },
    ],
  ])('%s', (_, environment, credential) => {
    expect(read(environment).tenant?.credential).toEqual(expect.objectContaining(credential));
  });

  test("a managed identity needs no client id: without one it is the machine's own", () => {
    const config = readConfig({ AZURE_TENANT_ID: WHO.AZURE_TENANT_ID, ...APP_SERVICE });
    expect(config.tenant).toMatchObject({ clientId: '', credential: { kind: 'managed-identity' } });
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

  test('a platform that offers an identity to everybody describes no tenant by that', () => {
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

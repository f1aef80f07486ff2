// A client of the emulator's Graph whose budget is scaled down: so that it binds, and not the machine.
import { readFile } from 'node:fs/promises';
import { createGraphClient } from '../../dist/graph/index.js';

/** @param budgets the books that it shares; `application` names them */
export async function scaledClient(settings, { limits, budgets, application }) {
  const graph = createGraphClient({
    credential: {
      kind: 'secret',
      tenantId: settings.AZURE_TENANT_ID,
      clientId: settings.AZURE_CLIENT_ID,
      clientSecret: settings.AZURE_CLIENT_SECRET,
    },
    authorityHost: settings.AZURE_AUTHORITY_HOST,
    graphBaseUrl: settings.GRAPH_BASE_URL,
    certificateAuthority: await readFile(settings.NODE_EXTRA_CA_CERTS, 'utf8'),
    onLogin() {},
    budget: { limits },
  });
  graph.shareBudget({
    store: budgets.of(application),
    countUsers: () => Promise.resolve(501),
    onAway: (error) => process.stderr.write(`${error}\n`),
  });
  return graph;
}

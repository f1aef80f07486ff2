// What every contender asks for, and how it tells what it took.
import { selectOf } from '../../dist/graph/index.js';
import { graphUser } from '../../dist/jobs/hr-roster/item.js';

const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_AUTHORITY_HOST, GRAPH_BASE_URL } = process.env;

export const FIRST_PAGE = `${GRAPH_BASE_URL}/v1.0/users?$select=${selectOf(graphUser)}&$top=999`;

export async function fetchToken() {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: AZURE_CLIENT_ID,
    client_secret: AZURE_CLIENT_SECRET,
    scope: `${GRAPH_BASE_URL}/.default`,
  });
  const response = await fetch(`${AZURE_AUTHORITY_HOST}/${AZURE_TENANT_ID}/oauth2/v2.0/token`, {
    method: 'POST',
    body,
  });
  return (await response.json()).access_token;
}

/** @param work reads and writes, and returns how many users */
export async function report(work) {
  const start = performance.now();
  const users = await work();
  const seconds = (performance.now() - start) / 1000;
  await new Promise((sent) => process.send({ seconds, users }, sent));
  process.disconnect();
}

// A token provider for tests: `node provider.mjs PORT CERTIFICATE KEY`.
//
// The client `dashboards` gets tokens for the audience `kafka` with its own credentials (RFC 6749, section 4.4).
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import process from 'node:process';

import { Provider } from 'oidc-provider';

const [port, certificate, key] = process.argv.slice(2);
const signing = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

const provider = new Provider(`https://localhost:${port}`, {
  jwks: { keys: [{ ...signing, kid: 'signing', use: 'sig', alg: 'RS256' }] },
  clients: [
    {
      client_id: 'dashboards',
      client_secret: ['dashboards', 'secret'].join('-'),
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  scopes: ['kafka'],
  extraTokenClaims: () => ({ groups: ['readers'] }),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'urn:example:kafka',
      getResourceServerInfo: () => ({
        scope: 'kafka',
        audience: 'kafka',
        accessTokenFormat: 'jwt',
        accessTokenTTL: 20,
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
});

const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, provider.callback());
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));
process.on('SIGTERM', () => process.exit(0));

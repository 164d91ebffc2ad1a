// A real OpenID Connect provider for tests. Reads its settings from the first argument (JSON), says "ready" when it listens.
// POST /proef {"wijze": …} lets it answer with id tokens that a relying party must refuse.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { SignJWT, decodeJwt, exportJWK, generateKeyPair, importJWK } from 'jose';
import Provider from 'oidc-provider';

const settings = JSON.parse(process.argv[2]);
const ALG = 'RS256';

async function newKey(kid) {
  const { privateKey } = await generateKeyPair(ALG, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: ALG, use: 'sig' };
}

const ours = await newKey('ons');
const later = await newKey('later'); // of after a change of keys: published while it signs
const theirs = await newKey('ons'); // a forger's, under the name of ours

const provider = new Provider(settings.issuer, {
  clients: [{
    client_id: settings.client_id,
    client_secret: settings.client_secret,
    redirect_uris: settings.redirect_uris,
    post_logout_redirect_uris: settings.post_logout_redirect_uris,
    backchannel_logout_uri: settings.backchannel_logout_uri,
    backchannel_logout_session_required: true,
    require_auth_time: true,
  }],
  jwks: { keys: [ours] },
  ...(settings.takes_forms ? {
    enableHttpPostMethods: true,
    cookies: { keys: ['only-for-tests'], long: { sameSite: 'none', secure: false } },
  } : { cookies: { keys: ['only-for-tests'] } }),
  claims: { openid: ['sub', 'sid', 'acr', 'amr', 'auth_time'], profile: ['name'], rollen: ['groups', 'brin'] },
  scopes: ['openid', 'profile', 'rollen'],
  acrValues: ['urn:test:2fa'],
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    userinfo: { enabled: true },
  },
  interactions: { url: (ctx, interaction) => `/inloggen/${interaction.uid}` },
  pkce: { required: () => true },
  ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 300, Interaction: 600, Session: 600 },
  // Our pages run on this very machine: without its guard against private addresses the provider may tell them.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  findAccount: (ctx, sub) => settings.accounts[sub]
    && { accountId: sub, claims: () => ({ sub, ...settings.accounts[sub] }) },
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid profile rollen');
    await grant.save();
    return grant;
  },
});

let wijze = '';

const CHANGES = {
  nonce: { nonce: 'van iemand anders' },
  aud: { aud: 'een andere dienst' },
  iss: { iss: 'https://een.andere.aanbieder.example' },
  sub: { sub: undefined },
  exp: { iat: 1700000000, exp: 1700000300 },
};

async function changed(token) {
  const claims = { ...decodeJwt(token), ...CHANGES[wijze] };
  if (wijze === 'alg') {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'none' })}.${part(claims)}.`;
  }
  if (wijze === 'geheim') { // signed with what both sides know
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'ons' })
      .sign(new TextEncoder().encode(settings.client_secret));
  }
  const jwk = { sleutel: theirs, later }[wijze] ?? ours;
  return new SignJWT(claims).setProtectedHeader({ alg: ALG, kid: jwk.kid }).sign(await importJWK(jwk, ALG));
}

provider.use(async (ctx, next) => {
  await next();
  if (wijze === 'later' && ctx.path === '/jwks') {
    const { kty, n, e, kid, alg, use } = later;
    ctx.body = { keys: [...ctx.body.keys, { kty, n, e, kid, alg, use }] };
  }
  if (wijze && ctx.path === '/token' && ctx.body?.id_token) {
    ctx.body = { ...ctx.body, id_token: await changed(ctx.body.id_token) };
  }
});

async function form(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

const callback = provider.callback();
const server = createServer(async (request, response) => {
  try {
    const path = new URL(request.url, settings.issuer).pathname;
    if (path === '/proef') {
      wijze = (await form(request)).get('wijze') ?? '';
      response.end('goed');
    } else if (path === '/proef/uitlogtoken') { // a logout token as this provider makes it, for who asks
      const { change } = Object.fromEntries(await form(request));
      const claims = {
        iss: settings.issuer, aud: settings.client_id, jti: crypto.randomUUID(),
        iat: Math.floor(Date.now() / 1000), exp: Math.floor(Date.now() / 1000) + 120,
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, ...JSON.parse(change || '{}'),
      };
      const key = await importJWK(wijze === 'sleutel' ? theirs : ours, ALG);
      response.end(await new SignJWT(claims).setProtectedHeader({ alg: ALG, kid: 'ons' }).sign(key));
    } else if (path.startsWith('/inloggen/') && request.method === 'POST') {
      const given = Object.fromEntries(await form(request));
      const login = {
        accountId: given.login, ...(given.acr && { acr: given.acr }), ...(given.amr && { amr: [given.amr] }),
      };
      const result = given.login ? { login } : { error: 'access_denied' };
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    } else if (path.startsWith('/inloggen/')) {
      response.setHeader('Content-Type', 'text/html');
      response.end('<form method="post"><input name="login"><input name="acr"><input name="amr"><button>In</button></form>');
    } else {
      callback(request, response);
    }
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
});

server.listen(settings.port);
await once(server, 'listening');
console.log('ready');

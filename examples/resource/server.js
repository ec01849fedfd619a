import { createServer } from 'node:http'

export const { ISSUER = 'http://localhost:8000/oidc', RESOURCE = 'http://localhost:3000/', PORT = '3000' } = process.env
const METADATA = '/.well-known/oauth-protected-resource'

/** Answers requests with a token of the scope `read`. `claimsOf` returns the claims of a token, and undefined for one that is worth nothing. */
export function serve(claimsOf) {
  const server = createServer((request, response) => {
    void answerTo(request, claimsOf)
      .catch(() => ({ status: 503 }))
      .then(({ status, challenge, body = {} }) => {
        const headers = { 'content-type': 'application/json', ...(challenge && { 'www-authenticate': challenge }) }
        response.writeHead(status, headers).end(JSON.stringify(body))
      })
  })
  server.listen(Number(PORT), 'localhost')
}

async function answerTo({ url, headers }, claimsOf) {
  // By it a program that knows only the API finds out where people sign in (RFC 9728).
  if (url === METADATA) {
    return { status: 200, body: { resource: RESOURCE, authorization_servers: [ISSUER], scopes_supported: ['read'] } }
  }
  const [, token] = /^Bearer ([^ ]+)$/i.exec(headers.authorization ?? '') ?? []
  if (token === undefined) return refused(401, '')
  const claims = await claimsOf(token)
  if (claims === undefined) return refused(401, ', error="invalid_token"')
  if (!claims.scope?.split(' ').includes('read')) return refused(403, ', error="insufficient_scope", scope="read"')
  return { status: 200, body: { sub: claims.sub, client: claims.client_id, scope: claims.scope } }
}

function refused(status, error) {
  return { status, challenge: `Bearer resource_metadata="${new URL(METADATA, RESOURCE)}"${error}` }
}

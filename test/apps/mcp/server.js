// A small MCP server with one tool, which says whose token it was called with. It takes JWTs of the issuer for itself alone (RFC 9068), and names the
// issuer to clients without one (RFC 9728).
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { createServer } from 'node:http'

const { ISSUER, PORT } = process.env
const origin = `http://localhost:${PORT}`
const resource = `${origin}/mcp`
const metadata = `${origin}/.well-known/oauth-protected-resource/mcp`
const keys = createRemoteJWKSet(new URL(`${ISSUER}/jwks`))

async function claimsOf({ headers }) {
  const [, token = ''] = /^bearer (\S+)$/i.exec(headers.authorization ?? '') ?? []
  const options = { issuer: ISSUER, audience: resource, typ: 'at+jwt', algorithms: ['ES256'] }
  return (await jwtVerify(token, keys, options).catch(() => undefined))?.payload
}

function serverFor({ client_id: client, scope }) {
  const server = new McpServer({ name: 'notes', version: '1.0.0' })
  const text = `called by ${client} with ${scope}`
  server.registerTool('whose', { description: text }, async () => ({ content: [{ type: 'text', text }] }))
  return server
}

async function answer(request, response) {
  if (request.url?.startsWith('/.well-known/oauth-protected-resource')) {
    response.setHeader('content-type', 'application/json')
    return response.end(JSON.stringify({ resource, authorization_servers: [ISSUER], scopes_supported: ['notes:read'] }))
  }
  if (request.url !== '/mcp') return response.writeHead(404).end()
  const claims = await claimsOf(request)
  if (claims === undefined) {
    response.setHeader('www-authenticate', `Bearer resource_metadata="${metadata}"`)
    return response.writeHead(401).end()
  }
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true })
  await serverFor(claims).connect(transport)
  await transport.handleRequest(request, response)
}

createServer((request, response) => void answer(request, response)).listen(Number(PORT), 'localhost')

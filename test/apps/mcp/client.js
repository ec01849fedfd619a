// An MCP client on a device, made of the SDK: it gets its answer at a port of its own, and calls the tool.
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { createServer } from 'node:http'

const { SERVER, DOCUMENT } = process.env
const stored = {}

const listener = createServer()
await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve))
const redirectUrl = `http://127.0.0.1:${listener.address().port}/callback`
const answered = new Promise((resolve) =>
  listener.on('request', ({ url }, response) => {
    response.end('done')
    resolve(new URL(url, redirectUrl).searchParams)
  }),
)

const authProvider = {
  redirectUrl,
  clientMetadataUrl: DOCUMENT,
  clientMetadata: {
    client_name: 'Helper',
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
  },
  clientInformation: () => stored.client,
  saveClientInformation: (client) => void (stored.client = client),
  tokens: () => stored.tokens,
  saveTokens: (tokens) => void (stored.tokens = tokens),
  codeVerifier: () => stored.verifier,
  saveCodeVerifier: (verifier) => void (stored.verifier = verifier),
  discoveryState: () => stored.discovery,
  saveDiscoveryState: (discovery) => void (stored.discovery = discovery),
  redirectToAuthorization: (url) => void process.stdout.write(`visit ${url}\n`),
}

const connect = async () => {
  const transport = new StreamableHTTPClientTransport(new URL(SERVER), { authProvider })
  const client = new Client({ name: 'helper', version: '1.0.0' })
  return { transport, client, error: await client.connect(transport).catch((error) => error) }
}

const first = await connect()
if (first.error?.constructor.name !== 'UnauthorizedError')
  throw first.error ?? new Error('The server asks for no token')
const answer = await answered
await first.transport.finishAuth(answer.get('code'))
const { client, error } = await connect()
if (error) throw error
const { content } = await client.callTool({ name: 'whose' })
process.stdout.write(`tool ${content[0].text}\n`)
await client.close()
listener.close()

// The host of an agent: serves its document over TLS from this machine, at an IP address that a test makes up.
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import tls from 'node:tls'

import { type Duration, seconds } from '#foundation/kernel/time.ts'
import type { Outbound, Target } from '#foundation/platform/network/outbound.ts'

export const AGENT_HOST = 'agent.example'
/** A host that the certificate names too. */
export const OTHER_HOST = 'other.example'
export const DOCUMENT = `https://${AGENT_HOST}/client.json`
/** Of the public internet, so that the product connects; the connection leads to this machine. */
export const PUBLIC_IP_ADDRESS = '193.99.144.80'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

export interface AgentHost {
  /** For the server of the test. */
  readonly outbound: Outbound
  /** What was asked for: the host and the path of each request. */
  readonly requests: readonly string[]
  /** Where connections were opened to. */
  readonly targets: readonly Target[]
  /** How each path answers; a path without an answer is not found. */
  readonly answers: Map<string, Answer>
  /** The IP addresses of each host. */
  readonly ipAddresses: Map<string, readonly string[]>
}

export interface AgentHostOptions {
  readonly patience?: Duration
}

/** Starts the host, which ends with the test. */
export async function startAgentHost(
  t: TestContext,
  { patience = seconds(3) }: AgentHostOptions = {},
): Promise<AgentHost> {
  const answers = new Map<string, Answer>()
  const requests: string[] = []
  const targets: Target[] = []
  const ipAddresses = new Map<string, readonly string[]>(
    [AGENT_HOST, OTHER_HOST].map((host) => [host, [PUBLIC_IP_ADDRESS]]),
  )
  const server = createServer({ cert: CERTIFICATE, key: KEY }, (request, response) => {
    const { host = '', ...headers } = request.headers
    requests.push(`${host}${request.url}`)
    if (headers.cookie !== undefined || headers.authorization !== undefined) response.writeHead(500)
    const answer = answers.get(request.url ?? '')
    if (answer === undefined) response.writeHead(404).end()
    else answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const outbound: Outbound = {
    patience,
    resolve: async (host) => ipAddresses.get(host) ?? [],
    async connect(target) {
      targets.push(target)
      return tls.connect({ host: '127.0.0.1', port, servername: target.host, ca: CERTIFICATE })
    },
  }
  return { outbound, requests, targets, answers, ipAddresses }
}

/** Answers with a JSON document. */
export function json(document: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers })
    response.end(typeof document === 'string' ? document : JSON.stringify(document))
  }
}

const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBsDCCAVagAwIBAgIUfOmMQtQ4KBZKbrINgvPltpyzCB0wCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNYWdlbnQuZXhhbXBsZTAgFw0yNjEyMDExNjUzMjNaGA8yMTI2
MTEwNzE2NTMyM1owGDEWMBQGA1UEAwwNYWdlbnQuZXhhbXBsZTBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABFBWH1tyVWbu0gWRHh6+zlmPs0y7Yyc0wwaT6UJKewwW
zL0f0UlOIk9Y2ivf/5wn0sbpQYcAeiiy/n7EnWBVcBCjfDB6MB0GA1UdDgQWBBRj
AHaZBd0zTTfwoDwEmr6jRUPbJDAfBgNVHSMEGDAWgBRjAHaZBd0zTTfwoDwEmr6j
RUPbJDAPBgNVHRMBAf8EBTADAQH/MCcGA1UdEQQgMB6CDWFnZW50LmV4YW1wbGWC
DW90aGVyLmV4YW1wbGUwCgYIKoZIzj0EAwIDSAAwRQIgTYlwNd6RXcbLF6UDr0SF
LE/R2Yg4mtQp7Mt+4FguX2QCIQCyQ6BLX/+O0lxMrwhIZyWQTGpmtLEmN8wk6KCH
M70IEw==
-----END CERTIFICATE-----
`

const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgfz/vrDN79b5nP7OG
JM/LSuvLevmF65DQtyyaSmfzrYqhRANCAARQVh9bclVm7tIFkR4evs5Zj7NMu2Mn
NMMGk+lCSnsMFsy9H9FJTiJPWNor3/+cJ9LG6UGHAHoosv5+xJ1gVXAQ
-----END PRIVATE KEY-----
`

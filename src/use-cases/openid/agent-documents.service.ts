// How the protocol's library comes to know an agent (Client ID Metadata Document, draft 02): it asks for a document by our fetch, which hands on only
// what is believed of it. Tested in test/attacks/agents.test.ts.
import type { Configuration } from 'oidc-provider'

import { WrongDocument } from '#domain/agents/agent-document.ts'
import { isAllowedAgent, refreshAgent } from '#domain/agents/agent.service.ts'
import { isDocumentUrl } from '#domain/agents/allowed-documents.ts'
import { limitRequestRate } from '#domain/throttle/guess.service.ts'
import { FetchFault } from '#foundation/platform/network/fetch-json.ts'
import type { Exchange } from './exchange.service.ts'
import { agentMetadata } from './library-client.ts'
import { AUTHORIZATION_PATH, PUSHED_REQUEST_PATH } from './openid-path.ts'
import { storedClient } from './stored-client.service.ts'

interface Host {
  exchange(): Exchange
}

/** In seconds: how long the library keeps what our fetch handed on, whatever the host of the document wants. */
const CACHED = 60

/** What the library asks before it fetches a document, and each time before it uses one. */
export function agentDocuments(host: Host) {
  return {
    enabled: true,
    ack: 'draft-02',
    cacheDuration: { min: CACHED, max: CACHED },
    allowFetch: async (_ctx: unknown, id: string) => {
      const exchange = host.exchange()
      const { ctx } = exchange
      // A transaction must not wait for a stranger's host.
      if (ctx.db.isTransaction || !asksForDocument(exchange, id) || !(await isAllowedAgent(ctx, id))) return false
      // Where a whole host is listed, anyone can have this server ask it for documents.
      if (exchange.agentFault === undefined) limitRequestRate(ctx)
      return true
    },
    allowClient: async (_ctx: unknown, { clientId }: { readonly clientId: string }) =>
      (await storedClient(host.exchange(), clientId)) !== undefined,
  }
}

/**
 * Returns the only fetch of the library. It serves documents of agents that are allowed, and nothing else that a client could name: the library
 * would ask for a `jwks_uri` without asking `allowFetch`.
 */
export function agentFetch(host: Host): NonNullable<Configuration['fetch']> {
  return async (asked) => {
    const exchange = host.exchange()
    const id = asked instanceof Request ? asked.url : asked.toString()
    if (!(await isAllowedAgent(exchange.ctx, id))) throw new Error('Nothing is fetched for an app')
    // The library asks again when it answers, and the host is not asked twice in one exchange.
    if (exchange.agentFault !== undefined) throw new Error('The document was refused')
    try {
      if (!(await refreshAgent(exchange.ctx, id))) exchange.agentFault = 'too_many'
    } catch (error) {
      if (!(error instanceof WrongDocument || error instanceof FetchFault)) throw error
      exchange.agentFault = error.fault
      exchange.ctx.log.warn({ client: id, fault: error.fault }, 'the document of an agent was refused')
      throw error
    }
    const stored = await storedClient(exchange, id)
    if (stored === undefined) throw new Error('The agent is not known')
    return Response.json(agentMetadata(stored.client))
  }
}

/**
 * Whether the library has to ask for the document of a client. Elsewhere an agent is known by its row, so that no stranger has this server fetch
 * documents at the other endpoints, and a code can be exchanged while the host of the document is away.
 */
export function asksForDocument({ request }: Exchange, id: string): boolean {
  const { url } = request.routeOptions
  return isDocumentUrl(id) && (url === AUTHORIZATION_PATH || url === PUSHED_REQUEST_PATH)
}

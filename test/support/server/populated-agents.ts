// The agents of a filled server: one that a user lets act for them, and one whose document is listed no longer.
import { refreshAgent } from '#domain/agents/agent.service.ts'
import { changeAgents } from '#use-cases/administration/agents/agents.service.ts'
import { type AgentHost, DOCUMENT, json, OTHER_HOST } from '../openid/agent-host.ts'
import { allowAgents, DOCUMENT_OF_AGENT } from '../openid/agents.ts'
import type { Person } from '../people/people.ts'
import { isSignedInTo } from './populated-clients.ts'
import type { Server } from './start.ts'

const OTHER_DOCUMENT = `https://${OTHER_HOST}/reviewer.json`

/** Publishes the documents and lets the user use the first agent. */
export async function populateAgents(server: Server, { answers }: AgentHost, ada: Person): Promise<void> {
  const documents = [
    { ...DOCUMENT_OF_AGENT, client_name: 'Code assistant' },
    {
      ...DOCUMENT_OF_AGENT,
      client_id: OTHER_DOCUMENT,
      client_name: 'Research assistant',
    },
  ]
  for (const document of documents) answers.set(new URL(document.client_id).pathname, json(document))
  await allowAgents(server, DOCUMENT, OTHER_DOCUMENT)
  for (const { client_id: id } of documents) await refreshAgent(server.operator(), id)
  await isSignedInTo(server, ada, DOCUMENT)
  await changeAgents(server.operator(), { allowedDocuments: [DOCUMENT] })
}

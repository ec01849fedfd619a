// Agents: programs without registration, each with the document of its vendor.
import { readAgentDocument } from '#domain/agents/agent-document.ts'
import { MOST_AGENTS } from '#domain/agents/agent.ts'
import { storeAgentClient } from '#domain/clients/agent-client.service.ts'
import { NEW_CLIENT } from '#domain/clients/client.ts'
import { ensureSigningKeys } from '#domain/signing-keys/signing-key.service.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { changeAgents } from '#use-cases/administration/agents/agents.service.ts'
import type { Server } from '../server/start.ts'
import { type AgentHost, DOCUMENT, json } from './agent-host.ts'
import { discover, type TestApp } from './apps.ts'

/** Where the agent of the tests gets its answers: on the device, at the port of the moment. */
export const CALLBACK = 'http://localhost/callback'

/** The document of the agent of the tests. */
export const DOCUMENT_OF_AGENT = {
  client_id: DOCUMENT,
  client_name: 'Helper',
  redirect_uris: [CALLBACK],
  scope: 'openid profile offline_access',
}

/** Turns agents on, for these documents. */
export async function allowAgents(server: Server, ...allowedDocuments: readonly string[]): Promise<void> {
  await ensureSigningKeys(server.operator())
  await changeAgents(server.operator(), { enabled: true, allowedDocuments })
}

/** Publishes the document of an agent, and returns the agent as a program that discovers the provider. */
export async function publishAgent(
  server: Server,
  { answers }: AgentHost,
  fields: Readonly<Record<string, unknown>> = {},
  redirectUri = 'http://localhost:49152/callback',
): Promise<TestApp> {
  const id = DOCUMENT
  answers.set(new URL(id).pathname, json({ ...DOCUMENT_OF_AGENT, ...fields }))
  const client = {
    ...NEW_CLIENT,
    id,
    kind: 'agent',
    name: 'Helper',
    redirectUris: [redirectUri],
    authMethod: 'none',
    createdAt: 0,
    createdBy: null,
    disabledAt: null,
    revision: 1,
  } as const
  return { client, secret: '', config: await discover(server, client, '') }
}

const DOCUMENT_ROUTE = '/test/agents/document'

/** A route of the tests, by which each of two nodes comes to know what the document of an agent says now. */
export function documentRoute(app: App): void {
  const schema = { body: Type.Object({ text: Type.String() }) }
  app.post(DOCUMENT_ROUTE, { config: { access: 'anyone', undocumented: true }, schema }, async ({ ctx, body }) => {
    const fields = readAgentDocument(DOCUMENT, body.text)
    return { stored: (await storeAgentClient(ctx, { id: DOCUMENT, fields, most: MOST_AGENTS })) !== undefined }
  })
}

/** The request by which a node reads a document of the agent of the tests with other fields. */
export function documentRequest(fields: Readonly<Record<string, unknown>>) {
  return { url: DOCUMENT_ROUTE, payload: { text: JSON.stringify({ ...DOCUMENT_OF_AGENT, ...fields }) } }
}

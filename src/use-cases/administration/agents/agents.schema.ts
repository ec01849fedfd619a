// Agents as the API shows and takes them.
import type { AgentSetting } from '#domain/agents/agent.ts'
import { hostOfDocument, MOST_DOCUMENTS } from '#domain/agents/allowed-documents.ts'
import { toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { ETAG, etagOf } from '#foundation/web/http/etag.ts'
import { named, nullable, sentWith } from '#foundation/web/http/schema.ts'
import { optionalFields, type Static, Type } from '#foundation/web/http/type.ts'
import type { AgentChanges, Agents } from './agents.service.ts'

const SETTINGS = {
  enabled: Type.Boolean({ description: 'Whether agents, which are not registered, can sign users in.' }),
  allowed_documents: Type.Array(Type.String({ maxLength: 500 }), {
    maxItems: MOST_DOCUMENTS + 1,
    description:
      'The URLs of the documents by which agents are known, and hosts of which every document counts. A host belongs here only where no other publishes on it.',
  }),
}

/** A merge patch (RFC 7396): a field left out stays. */
export const AgentsChange = named(
  'AgentsChange',
  Type.Object(optionalFields(SETTINGS), {
    additionalProperties: false,
    examples: [{ enabled: true, allowed_documents: ['https://agent.example/client.json'] }],
  }),
)

const AgentView = named(
  'Agent',
  Type.Object({
    id: Type.String({ description: 'The URL of its document, which is its client id.' }),
    name: Type.String({ description: 'As the document says.' }),
    host: Type.String({ description: 'The host of the document.' }),
    is_allowed: Type.Boolean({ description: 'Whether it may sign users in, and use what it has got, now.' }),
    sign_ins: Type.Integer({ description: 'How many sign-ins are open.' }),
    last_used_at: nullable(Type.String({ format: 'date-time', description: 'When it last got tokens.' })),
  }),
)

export const AgentsView = sentWith(
  ETAG,
  named(
    'Agents',
    Type.Object(
      { ...SETTINGS, agents: Type.Array(AgentView, { description: 'Those that were used.' }) },
      { description: 'Which agents are allowed, and which were used.' },
    ),
  ),
)

export const AgentBody = named(
  'AgentId',
  Type.Object(
    { id: Type.String({ maxLength: 500, description: 'The URL of its document.' }) },
    { additionalProperties: false, examples: [{ id: 'https://agent.example/client.json' }] },
  ),
)

export function presentAgents({ setting, agents }: Agents): Static<typeof AgentsView> {
  return {
    enabled: setting.enabled,
    allowed_documents: [...setting.allowedDocuments],
    agents: agents.map(({ client, use, isAllowed }) => ({
      id: client.id,
      name: client.name,
      host: hostOfDocument(client.id),
      is_allowed: isAllowed,
      sign_ins: use.living,
      last_used_at: toRfc3339OrNull(use.lastUsedAt),
    })),
  }
}

/** The entity tag of what admins say: it changes with each change of it. */
export function agentsTag({ revision }: Pick<AgentSetting, 'revision'>): string {
  return etagOf(JSON.stringify(['agents', revision]))
}

/** Returns the fields of a body. */
export function agentChangesIn({
  enabled,
  allowed_documents: allowedDocuments,
}: Static<typeof AgentsChange>): AgentChanges {
  return { enabled, allowedDocuments }
}

import { ApprovalView } from '#domain/approvals/approval.schema.ts'
import type { With } from '#foundation/context.ts'
import type { App } from '#foundation/web/http/app.ts'
import { preconditionIn } from '#foundation/web/http/etag.ts'
import { EndedGrantsView } from '../clients/clients.schema.ts'
import { AgentBody, agentChangesIn, AgentsChange, agentsTag, AgentsView, presentAgents } from './agents.schema.ts'
import { changeAgents, endAgentSignIns, readAgents } from './agents.service.ts'

const tags = ['Apps']
const changes = { access: 'apps:write', authentication: 'recent' } as const

/** Routes by which admins say which agents are allowed, and end the sign-ins of one. */
export function agentsRoutes(app: App): void {
  app.get(
    '/agents',
    {
      config: { access: 'apps:write' },
      schema: {
        operationId: 'getAgents',
        tags,
        summary: 'Which agents are allowed, and which were used',
        response: { 200: AgentsView },
      },
    },
    ({ ctx }, reply) => sendAgents(reply, ctx),
  )

  app.patch(
    '/agents',
    {
      config: { ...changes, refusals: ['resource.stale', 'approval.waiting'] },
      schema: {
        operationId: 'changeAgents',
        tags,
        summary: 'Change which agents are allowed',
        description: 'A merge patch (RFC 7396). The sign-ins of agents that may not come any more end.',
        body: AgentsChange,
        response: { 200: AgentsView, 202: ApprovalView },
      },
    },
    async (request, reply) => {
      const { ctx, body } = request
      await changeAgents(ctx, agentChangesIn(body), preconditionIn(request, agentsTag))
      return sendAgents(reply, ctx)
    },
  )

  app.post(
    '/agents/end-sign-ins',
    {
      config: { ...changes, refusals: ['app.not_found'] },
      schema: {
        operationId: 'endAgentSignIns',
        tags,
        summary: 'End all sign-ins to an agent',
        description: 'Its tokens end at once. Its users can allow it again.',
        body: AgentBody,
        response: { 200: EndedGrantsView },
      },
    },
    async ({ ctx, body }) => ({ ended: await endAgentSignIns(ctx, body.id) }),
  )
}

async function sendAgents(reply: { header(name: string, value: string): unknown }, ctx: With<'db' | 'now'>) {
  const agents = await readAgents(ctx)
  reply.header('etag', agentsTag(agents.setting))
  return presentAgents(agents)
}

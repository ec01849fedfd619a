import { ApprovalView } from '#domain/approvals/approval.schema.ts'
import type { StoredPolicy } from '#domain/policies/store/stored-policy.service.ts'
import type { With } from '#foundation/context.ts'
import type { App } from '#foundation/web/http/app.ts'
import { preconditionIn } from '#foundation/web/http/etag.ts'
import { Type } from '#foundation/web/http/type.ts'
import { PolicyParameters } from '../policy-rollout/plan.schema.ts'
import { listPolicies, namedPolicy, readConfiguredPolicy, readPolicy } from './named-policy.service.ts'
import {
  NewPolicyBody,
  NewPolicyVersion,
  PolicyEnd,
  PolicyListView,
  PolicyRename,
  PolicyVersionParameters,
  PolicyView,
  presentConfigured,
  presentPolicy,
  startIn,
  wantedPolicy,
  wantedVersion,
} from './policies.schema.ts'
import {
  addPolicyVersion,
  cancelPolicyVersion,
  createPolicy,
  deletePolicy,
  endPolicy,
  renamePolicy,
} from './policies.service.ts'
import { policyTag } from './policy-tag.schema.ts'

const reads = { access: 'policy:write' } as const
const changes = { access: 'policy:write', authentication: 'recent' } as const

/** Routes by which admins read and change policies. */
export function policiesRoutes(app: App): void {
  app.get(
    '/policies',
    {
      config: reads,
      schema: {
        operationId: 'listPolicies',
        summary: 'List policies',
        description: 'With what the configuration asks of everyone.',
        response: { 200: PolicyListView },
      },
    },
    async ({ ctx }) => ({
      items: (await listPolicies(ctx)).map((policy) => presentPolicy(policy, ctx.now)),
      configured: presentConfigured(readConfiguredPolicy(ctx)),
    }),
  )

  app.post(
    '/policies',
    {
      config: { ...changes, refusals: ['policy.exists', 'approval.waiting'] },
      schema: {
        operationId: 'createPolicy',
        summary: 'Create a policy',
        description:
          'At most one concerns everyone, each role and each group. Of all that concern a user, the strictest wins.',
        body: NewPolicyBody,
        response: { 200: PolicyView, 202: ApprovalView },
      },
    },
    async ({ ctx, body }, reply) => {
      const policy = await createPolicy(ctx, wantedPolicy(body))
      reply.header('etag', policyTag(policy))
      return shownPolicy(ctx, policy)
    },
  )

  app.get(
    '/policies/:id',
    {
      config: { ...reads, refusals: ['policy.not_found'] },
      schema: {
        operationId: 'getPolicy',
        summary: 'Read a policy',
        params: PolicyParameters,
        response: { 200: PolicyView },
      },
    },
    async ({ ctx, params }, reply) => {
      const policy = await readPolicy(ctx, params.id)
      reply.header('etag', policyTag(policy))
      return presentPolicy(policy, ctx.now)
    },
  )

  app.patch(
    '/policies/:id',
    {
      config: { ...changes, refusals: ['policy.not_found', 'resource.stale'] },
      schema: {
        operationId: 'renamePolicy',
        summary: 'Rename a policy',
        params: PolicyParameters,
        body: PolicyRename,
        response: { 200: PolicyView },
      },
    },
    async (request, reply) => {
      const { ctx, params, body } = request
      const policy = await renamePolicy(ctx, params.id, body.name, preconditionIn(request, policyTag))
      reply.header('etag', policyTag(policy))
      return shownPolicy(ctx, policy)
    },
  )

  app.delete(
    '/policies/:id',
    {
      config: { ...changes, refusals: ['policy.not_found', 'policy.in_use', 'resource.stale'] },
      schema: {
        operationId: 'deletePolicy',
        summary: 'Delete a policy that was never in force',
        params: PolicyParameters,
        response: { 204: Type.Null({ description: 'Deleted.' }) },
      },
    },
    async (request) => {
      await deletePolicy(request.ctx, request.params.id, preconditionIn(request, policyTag))
    },
  )
  versionRoutes(app)
}

function versionRoutes(app: App): void {
  const refusals = ['policy.not_found', 'resource.stale', 'policy.version_planned'] as const
  app.post(
    '/policies/:id/versions',
    {
      config: { ...changes, refusals: [...refusals, 'approval.waiting'] },
      schema: {
        operationId: 'addPolicyVersion',
        summary: 'Change what a policy says',
        description: 'Until the new version is in force, the one before it stays. A version is never changed.',
        params: PolicyParameters,
        body: NewPolicyVersion,
        response: { 200: PolicyView, 202: ApprovalView },
      },
    },
    async (request, reply) => {
      const { ctx, params, body } = request
      const policy = await addPolicyVersion(ctx, params.id, wantedVersion(body), preconditionIn(request, policyTag))
      reply.header('etag', policyTag(policy))
      return shownPolicy(ctx, policy)
    },
  )

  app.post(
    '/policies/:id/end',
    {
      config: { ...changes, refusals: [...refusals, 'policy.ended'] },
      schema: {
        operationId: 'endPolicy',
        summary: 'End a policy',
        description: 'By a last version, so that its history stays.',
        params: PolicyParameters,
        body: PolicyEnd,
        response: { 200: PolicyView },
      },
    },
    async (request, reply) => {
      const { ctx, params, body } = request
      const policy = await endPolicy(ctx, params.id, startIn(body.in_force_from), preconditionIn(request, policyTag))
      reply.header('etag', policyTag(policy))
      return shownPolicy(ctx, policy)
    },
  )

  app.delete(
    '/policies/:id/versions/:version',
    {
      config: {
        ...changes,
        refusals: [
          'policy.not_found',
          'resource.stale',
          'policy.version_not_found',
          'policy.version_in_force',
          'policy.cancelling_stops',
        ],
      },
      schema: {
        operationId: 'cancelPolicyVersion',
        summary: 'Cancel a planned version of a policy',
        params: PolicyVersionParameters,
        response: { 200: PolicyView },
      },
    },
    async (request, reply) => {
      const { ctx, params } = request
      const policy = await cancelPolicyVersion(ctx, params.id, params.version, preconditionIn(request, policyTag))
      reply.header('etag', policyTag(policy))
      return shownPolicy(ctx, policy)
    },
  )
}

async function shownPolicy(ctx: With<'db' | 'now' | 'principal'>, policy: StoredPolicy) {
  return presentPolicy(await namedPolicy(ctx, policy), ctx.now)
}

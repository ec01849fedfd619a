import type { FastifyReply } from 'fastify'

import { ApprovalView, presentApproval } from '#domain/approvals/approval.schema.ts'
import { nameApprovals, readApproval } from '#domain/approvals/approval.service.ts'
import { requireStillAuthorized } from '#domain/authorization/authorization.service.ts'
import type { Client } from '#domain/clients/client.ts'
import type { With } from '#foundation/context.ts'
import type { App } from '#foundation/web/http/app.ts'
import { preconditionIn } from '#foundation/web/http/etag.ts'
import { answerPage, pageIn } from '#foundation/web/http/pagination.ts'
import { Type } from '#foundation/web/http/type.ts'
import { AccessCheckBody, AccessCheckView, presentAccessCheck } from './access-check.schema.ts'
import { checkChange, firstRefused } from './access-check.service.ts'
import { addAppSecret, endAppSecret } from './app-secrets.service.ts'
import { deleteApp, disableApp, enableApp, endAppGrants } from './app-state.service.ts'
import {
  AddedSecretView,
  AppChange,
  AppPageView,
  AppParameters,
  AppPosition,
  AppQuery,
  AppSecretParameters,
  appTag,
  AppView,
  CreatedAppView,
  EndedGrantsView,
  fieldsInBody,
  NewAppBody,
  presentAppWithSecrets,
  presentClient,
  presentListedApp,
} from './clients.schema.ts'
import { changeApp, createApp, listApps, readApp } from './clients.service.ts'

const tags = ['Apps']
const reads = { access: 'apps:write' } as const
const changes = { access: 'apps:write', authentication: 'recent' } as const
const ofApp = { tags, params: AppParameters }

/** Routes by which admins list, register and change the apps that sign users in here. */
export function clientsRoutes(app: App): void {
  app.get(
    '/apps',
    {
      config: reads,
      schema: {
        operationId: 'listApps',
        tags,
        summary: 'List and search apps',
        description: 'By name.',
        querystring: AppQuery,
        response: { 200: AppPageView },
      },
    },
    async ({ ctx, query }, reply) => {
      const search = { q: query.q, ...pageIn(AppPosition, query) }
      return answerPage(reply, await listApps(ctx, search), (one) => presentListedApp(ctx.config, one))
    },
  )

  app.post(
    '/apps',
    {
      config: { ...changes, refusals: ['app.name_taken', 'app.too_many', 'approval.waiting'] },
      schema: {
        operationId: 'createApp',
        tags,
        summary: 'Register an app',
        description:
          'The secret is shown once. Under the two-person rule the answer has it too, with the status 202: the app exists once a second admin has approved.',
        body: NewAppBody,
        response: { 200: CreatedAppView, 202: CreatedAppView },
      },
    },
    async ({ ctx, body }, reply) => {
      const { client, secret, approval } = await createApp(ctx, { ...fieldsInBody(body), name: body.name })
      const shown = { ...presentClient(ctx.config, client), client_secret: secret && secret.reveal() }
      return { ...shown, approval: await answerWaiting(ctx, reply, approval) }
    },
  )

  app.get(
    '/apps/:id',
    {
      config: { ...reads, refusals: ['app.not_found'] },
      schema: { ...ofApp, operationId: 'getApp', summary: 'Read an app', response: { 200: AppView } },
    },
    async ({ ctx, params }, reply) => {
      const found = await readApp(ctx, params.id)
      reply.header('etag', appTag(found.client))
      return presentAppWithSecrets(ctx.config, found)
    },
  )

  checkRoute(app)
  changingRoutes(app)
  secretRoutes(app)
}

function checkRoute(app: App): void {
  app.post(
    '/apps/:id/access-check',
    {
      config: { ...reads, refusals: ['app.not_found'] },
      schema: {
        ...ofApp,
        operationId: 'checkAppAccess',
        summary: 'Who could not use an app',
        description:
          'Changes nothing. With an empty body, for the app as it is. The freshness of an authentication refuses no user: they authenticate again.',
        body: AccessCheckBody,
        response: { 200: AccessCheckView },
      },
    },
    async ({ ctx, params, body }) => {
      // The right to it may have ended while the body was sent (TOCTOU).
      await requireStillAuthorized(ctx)
      const checked = await checkChange(ctx, params.id, fieldsInBody(body))
      return presentAccessCheck(checked, await firstRefused(ctx, checked))
    },
  )
}

function changingRoutes(app: App): void {
  app.patch(
    '/apps/:id',
    {
      config: { ...changes, refusals: ['app.not_found', 'app.name_taken', 'resource.stale', 'approval.waiting'] },
      schema: {
        ...ofApp,
        operationId: 'changeApp',
        summary: 'Change an app',
        description: 'A merge patch (RFC 7396). Fewer scopes, and the loss of the secret, end its sign-ins.',
        body: AppChange,
        response: { 200: AppView, 202: ApprovalView },
      },
    },
    async (request, reply) => {
      const { ctx, params, body } = request
      await changeApp(ctx, params.id, fieldsInBody(body), preconditionIn(request, appTag))
      const found = await readApp(ctx, params.id)
      reply.header('etag', appTag(found.client))
      return presentAppWithSecrets(ctx.config, found)
    },
  )

  app.delete(
    '/apps/:id',
    {
      config: { ...changes, refusals: ['app.not_found', 'resource.stale'] },
      schema: {
        ...ofApp,
        operationId: 'deleteApp',
        summary: 'Delete an app',
        description: 'Ends all sign-ins to it. Its users stay users.',
        response: { 204: Type.Null({ description: 'Deleted.' }) },
      },
    },
    (request) => deleteApp(request.ctx, request.params.id, preconditionIn(request, appTag)),
  )

  stateRoute(app, { word: 'disable', refusals: [], change: disableApp })
  stateRoute(app, { word: 'enable', refusals: ['approval.waiting'], change: enableApp })

  app.delete(
    '/apps/:id/grants',
    {
      config: { ...changes, refusals: ['app.not_found'] },
      schema: {
        ...ofApp,
        operationId: 'endAppSignIns',
        summary: 'End all sign-ins to an app',
        description: 'Its tokens end at once. Its users can sign in again.',
        response: { 200: EndedGrantsView },
      },
    },
    async ({ ctx, params }) => ({ ended: await endAppGrants(ctx, params.id) }),
  )
}

interface StateRoute {
  readonly word: 'disable' | 'enable'
  readonly refusals: readonly 'approval.waiting'[]
  readonly change: typeof disableApp
}

function stateRoute(app: App, { word, refusals, change }: StateRoute): void {
  app.post(
    `/apps/:id/${word}`,
    {
      config: { ...changes, refusals: ['app.not_found', 'resource.stale', ...refusals] },
      schema: {
        ...ofApp,
        operationId: `${word}App`,
        summary: word === 'disable' ? 'Disable an app' : 'Enable an app',
        description:
          word === 'disable'
            ? 'Ends all sign-ins to it. No user can sign in to it until it is enabled.'
            : 'Lets users sign in to it again.',
        response: word === 'disable' ? { 200: AppView } : { 200: AppView, 202: ApprovalView },
      },
    },
    async (request, reply) => {
      const { ctx, params } = request
      const client: Client = await change(ctx, params.id, preconditionIn(request, appTag))
      reply.header('etag', appTag(client))
      return presentAppWithSecrets(ctx.config, await readApp(ctx, params.id))
    },
  )
}

function secretRoutes(app: App): void {
  app.post(
    '/apps/:id/secrets',
    {
      config: { ...changes, refusals: ['app.not_found', 'app.no_secret', 'app.too_many_secrets', 'approval.waiting'] },
      schema: {
        ...ofApp,
        operationId: 'addAppSecret',
        summary: 'Make a further secret of an app',
        description:
          'The former one is valid until you end it. Under the two-person rule the answer has the status 202: the secret works once a second admin has approved.',
        response: { 200: AddedSecretView, 202: AddedSecretView },
      },
    },
    async ({ ctx, params }, reply) => {
      const { secretId, secret, approval } = await addAppSecret(ctx, params.id)
      const waiting = await answerWaiting(ctx, reply, approval)
      return { id: secretId, client_secret: secret.reveal(), approval: waiting }
    },
  )

  app.delete(
    '/apps/:id/secrets/:secret_id',
    {
      config: { ...changes, refusals: ['app.not_found', 'app.secret_not_found'] },
      schema: {
        tags,
        operationId: 'endAppSecret',
        summary: 'End a secret of an app',
        params: AppSecretParameters,
        response: { 204: Type.Null({ description: 'It is no longer accepted.' }) },
      },
    },
    ({ ctx, params }) => endAppSecret(ctx, params.id, params.secret_id),
  )
}

/** Answers 202 where the change waits for a second admin; returns the request. */
async function answerWaiting(ctx: With<'db' | 'now'>, reply: FastifyReply, id: string | null) {
  if (id === null) return null
  reply.code(202).header('location', `/approvals/${id}`)
  const [named] = await nameApprovals(ctx, [await readApproval(ctx, id)])
  return named === undefined ? null : presentApproval(named, ctx.now)
}

import * as shapes from '#domain/api-tokens/api-token.schema.ts'
import { listApiTokens } from '#domain/api-tokens/api-token.service.ts'
import { hostsOfTokens } from '#domain/hosts/host.service.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { makeOwnToken, revokeOwnToken } from './own-tokens.service.ts'

/** Routes for the user's own API tokens. They refuse tokens, so that no token creates, lists or revokes another. */
export function ownTokensRoutes(app: App): void {
  app.get(
    '/users/me/tokens',
    {
      config: { access: 'signed-in', tokens: 'refused' },
      schema: {
        operationId: 'listMyTokens',
        summary: 'My API tokens',
        description: 'The valid ones, the newest first, without the token itself.',
        response: { 200: shapes.ApiTokenList },
      },
    },
    async (request) => {
      const ctx = signedIn(request.ctx)
      const tokens = await listApiTokens(ctx, ctx.principal.user.subject)
      const hosts = await hostsOfTokens(ctx, tokens)
      return { items: tokens.map((token) => shapes.presentApiToken(token, hosts)) }
    },
  )

  app.post(
    '/users/me/tokens',
    {
      config: {
        access: 'signed-in',
        authentication: 'recent',
        tokens: 'refused',
        refusals: ['api_token.too_many', 'api_token.unusable'],
      },
      schema: {
        operationId: 'makeMyToken',
        summary: 'Create an API token',
        description:
          'Answers with the token, this once. It acts as you, limited by its scopes and by your present permissions; routes that require recent authentication refuse it. One with a `host` opens that protected host instead, and nothing else. It lives from one hour to 366 days.',
        body: shapes.NewApiToken,
        response: { 200: shapes.CreatedApiToken },
      },
    },
    async (request) => {
      const ctx = signedIn(request.ctx)
      const { name, scopes = [], host } = request.body
      const expiresAt = shapes.expiryIn(request.body, request.ctx.now)
      const issued = await makeOwnToken(ctx, { name, scopes, expiresAt, host })
      return shapes.presentIssued(issued, await hostsOfTokens(ctx, [issued.apiToken]))
    },
  )

  app.delete(
    '/users/me/tokens/:id',
    {
      config: { access: 'signed-in', tokens: 'refused', refusals: ['api_token.not_found'] },
      schema: {
        operationId: 'revokeMyToken',
        summary: 'Revoke one of my API tokens',
        description: 'It is refused from the next request on. Another user’s token is answered like an unknown one.',
        params: shapes.ApiTokenParameters,
        response: { 204: Type.Null({ description: 'Revoked.' }) },
      },
    },
    (request) => revokeOwnToken(signedIn(request.ctx), request.params.id),
  )
}

import { Type } from '../../../foundation/web/http/type.ts'

import { ApiTokenList, presentApiToken } from '../../../domain/api-tokens/api-token.schema.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { UserParameters } from '../users/users.schema.ts'
import { listTokensOf, revokeTokenOf } from './tokens.service.ts'

const tags = ['Administration']
const TokenParameters = Type.Object({ ...UserParameters.properties, tokenId: Type.String({ maxLength: 64 }) })

/** Routes by which admins list and revoke the API tokens of a user. */
export function tokensRoutes(app: App): void {
  app.get(
    '/users/:id/tokens',
    {
      config: { access: 'users:read', refusals: ['user.not_found'] },
      schema: {
        operationId: 'listTokensOfUser',
        tags,
        summary: 'A user’s API tokens',
        description: 'The valid ones, the newest first, without the token itself.',
        params: UserParameters,
        response: { 200: ApiTokenList },
      },
    },
    async ({ ctx, params }) => ({ items: (await listTokensOf(ctx, params)).map(presentApiToken) }),
  )

  app.delete(
    '/users/:id/tokens/:tokenId',
    {
      config: { access: 'users:write', refusals: ['user.not_found', 'api_token.not_found'] },
      schema: {
        operationId: 'revokeTokenOfUser',
        tags,
        summary: 'Revoke a user’s API token',
        description: 'It is refused from the next request on.',
        params: TokenParameters,
        response: { 204: Type.Null({ description: 'Revoked.' }) },
      },
    },
    async ({ ctx, params }, reply) => {
      await revokeTokenOf(ctx, params, params.tokenId)
      return reply.code(204).send(null)
    },
  )
}

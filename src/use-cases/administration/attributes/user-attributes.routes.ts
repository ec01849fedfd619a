import {
  AttributeValuesChange,
  AttributeValuesView,
  presentValues,
  valuesTag,
} from '#domain/attributes/attribute.schema.ts'
import type { App } from '#foundation/web/http/app.ts'
import { preconditionIn } from '#foundation/web/http/etag.ts'
import { UserParameters } from '../users/users.schema.ts'
import { attributesOfUser, changeAttributesOfUser } from './user-attributes.service.ts'

export function userAttributesRoutes(app: App): void {
  app.get(
    '/users/:id/attributes',
    {
      config: { access: 'users:read', refusals: ['user.not_found'] },
      schema: {
        operationId: 'getUserAttributes',
        summary: 'Read the attributes of a user',
        description: 'All values by key, also those that the user does not see.',
        params: UserParameters,
        response: { 200: AttributeValuesView },
      },
    },
    async ({ ctx, params }, reply) => {
      const shown = await attributesOfUser(ctx, params)
      return reply.header('etag', valuesTag(shown)).send(presentValues(shown))
    },
  )

  app.patch(
    '/users/:id/attributes',
    {
      config: { access: 'users:write', refusals: ['user.not_found', 'resource.stale'] },
      schema: {
        operationId: 'changeUserAttributes',
        summary: 'Change the attributes of a user',
        description: 'A merge patch (RFC 7396): a key left out stays, null removes its value.',
        params: UserParameters,
        body: AttributeValuesChange,
        response: { 200: AttributeValuesView },
      },
    },
    async (request, reply) => {
      const { ctx, params, body } = request
      const shown = await changeAttributesOfUser(ctx, params, body, {
        precondition: preconditionIn(request, valuesTag),
      })
      return reply.header('etag', valuesTag(shown)).send(presentValues(shown))
    },
  )
}

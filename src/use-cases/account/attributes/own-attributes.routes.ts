import {
  AttributeValuesChange,
  AttributeValuesView,
  presentValues,
  valuesTag,
} from '#domain/attributes/attribute.schema.ts'
import { authenticated } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { preconditionIn } from '#foundation/web/http/etag.ts'
import { changeOwnAttributes, ownAttributes } from './own-attributes.service.ts'

export function ownAttributesRoutes(app: App): void {
  app.get(
    '/users/me/attributes',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'getMyAttributes',
        summary: 'My attributes',
        description: 'The values that I may see, by key. `GET /attributes` tells their labels and types.',
        response: { 200: AttributeValuesView },
      },
    },
    async (request, reply) => {
      const shown = await ownAttributes(authenticated(request.ctx))
      return reply.header('etag', valuesTag(shown)).send(presentValues(shown))
    },
  )

  app.patch(
    '/users/me/attributes',
    {
      config: { access: 'signed-in', refusals: ['resource.stale'] },
      schema: {
        operationId: 'changeMyAttributes',
        summary: 'Change my attributes',
        description:
          'A merge patch (RFC 7396) of the values that users change themselves. A key left out stays, null removes its value.',
        body: AttributeValuesChange,
        response: { 200: AttributeValuesView },
      },
    },
    async (request, reply) => {
      const precondition = preconditionIn(request, valuesTag)
      const shown = await changeOwnAttributes(authenticated(request.ctx), request.body, { precondition })
      return reply.header('etag', valuesTag(shown)).send(presentValues(shown))
    },
  )
}

import {
  AttributeChange,
  AttributeList,
  AttributeParameters,
  attributeTag,
  DeletedAttribute,
  NewAttribute,
  presentAttribute,
  TaggedAttribute,
} from '#domain/attributes/attribute.schema.ts'
import type { App } from '#foundation/web/http/app.ts'
import { preconditionIn } from '#foundation/web/http/etag.ts'
import {
  changeAttribute,
  declareAttribute,
  deleteAttribute,
  seenAttribute,
  seenAttributes,
} from './attributes.service.ts'

const tags = ['Attributes']

/** Routes that read and change the declarations of attributes. */
export function attributesRoutes(app: App): void {
  readingRoutes(app)
  changingRoutes(app)
}

function readingRoutes(app: App): void {
  app.get(
    '/attributes',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'listAttributes',
        tags,
        summary: 'List the attributes',
        description: 'Without `users:read` and `policy:write`, those that users see of themselves.',
        response: { 200: AttributeList },
      },
    },
    async ({ ctx }) => ({ items: (await seenAttributes(ctx)).map(presentAttribute) }),
  )

  app.get(
    '/attributes/:key',
    {
      config: { access: 'signed-in', refusals: ['attribute.not_found'] },
      schema: {
        operationId: 'getAttribute',
        tags,
        summary: 'Read an attribute',
        params: AttributeParameters,
        response: { 200: TaggedAttribute },
      },
    },
    async ({ ctx, params }, reply) => {
      const attribute = await seenAttribute(ctx, params.key)
      return reply.header('etag', attributeTag(attribute)).send(presentAttribute(attribute))
    },
  )
}

const changes = { access: 'policy:write', authentication: 'recent' } as const

function changingRoutes(app: App): void {
  app.post(
    '/attributes',
    {
      config: { ...changes, refusals: ['attribute.key_taken', 'attribute.too_many'] },
      schema: {
        operationId: 'declareAttribute',
        tags,
        summary: 'Declare an attribute',
        description:
          'A field of the profile of every user. Unless told otherwise it is a text that users see and admins change, and nobody is asked for it.',
        body: NewAttribute,
        response: { 200: TaggedAttribute },
      },
    },
    async ({ ctx, body }, reply) => {
      const { visible_to: visibleTo = 'user', changed_by: changedBy = 'admin', at_joining: atJoining = 'never' } = body
      const { key, label, type = 'text', choices = [] } = body
      const attribute = await declareAttribute(ctx, { key, label, type, choices, visibleTo, changedBy, atJoining })
      return reply.header('etag', attributeTag(attribute)).send(presentAttribute(attribute))
    },
  )

  app.patch(
    '/attributes/:key',
    {
      config: { ...changes, refusals: ['attribute.not_found', 'attribute.key_taken', 'resource.stale'] },
      schema: {
        operationId: 'changeAttribute',
        tags,
        summary: 'Change an attribute',
        description:
          'A merge patch (RFC 7396). Another type, and the removal of a text of a choice, are refused while users have such a value.',
        params: AttributeParameters,
        body: AttributeChange,
        response: { 200: TaggedAttribute },
      },
    },
    async (request, reply) => {
      const { visible_to: visibleTo, changed_by: changedBy, at_joining: atJoining, position, ...rest } = request.body
      const change = { ...rest, visibleTo, changedBy, atJoining, position }
      const { ctx, params } = request
      const attribute = await changeAttribute(ctx, params.key, change, preconditionIn(request, attributeTag))
      return reply.header('etag', attributeTag(attribute)).send(presentAttribute(attribute))
    },
  )

  app.delete(
    '/attributes/:key',
    {
      config: { ...changes, refusals: ['attribute.not_found', 'resource.stale'] },
      schema: {
        operationId: 'deleteAttribute',
        tags,
        summary: 'Delete an attribute with its values',
        params: AttributeParameters,
        response: { 200: DeletedAttribute },
      },
    },
    async (request) => {
      const { ctx, params } = request
      return { users: await deleteAttribute(ctx, params.key, preconditionIn(request, attributeTag)) }
    },
  )
}

import { findIcon } from '#domain/clients/client-icon.service.ts'
import { ICON_UPLOAD_MAXIMUM, iconTag } from '#domain/clients/client-icon.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { App } from '#foundation/web/http/app.ts'
import { named, sentWith } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'
import { removeAppIcon, setAppIcon } from './app-icon.service.ts'
import { AppParameters } from './clients.schema.ts'

const PATH = '/apps/:id/icon'
const YEAR = 31_536_000
const changes = { access: 'apps:write', authentication: 'recent' } as const
const ofApp = { tags: ['Apps'], params: AppParameters }

const IconFile = named(
  'IconFile',
  Type.Unsafe<Buffer>({ type: 'string', format: 'binary', examples: ['(a PNG or WebP file)'] }),
)

const IconQuery = Type.Object(
  {
    v: Type.Optional(Type.String({ maxLength: 64, description: 'As in `icon_url`: then it may be kept for a year.' })),
  },
  { additionalProperties: false },
)

const IconAnswer = sentWith(
  { name: 'ETag', description: 'Goes into `If-None-Match`.', always: true },
  Type.Unsafe<Buffer>({
    description: 'The file.',
    content: { 'image/png': { schema: IconFile }, 'image/webp': { schema: IconFile } },
  }),
)

/** Routes that change the icon of an app, and the one that serves it to everyone: people see it before they sign in. */
export function appIconRoutes(app: App): void {
  app.put(
    PATH,
    {
      bodyLimit: ICON_UPLOAD_MAXIMUM,
      config: { ...changes, bodies: ['image'], refusals: ['app.not_found'] },
      schema: {
        ...ofApp,
        operationId: 'setAppIcon',
        summary: 'Give an app an icon',
        description:
          'A square PNG or WebP file, not animated, as the body. People see it on their start page and when they sign in. Only the picture is kept of the file, without its metadata.',
        body: IconFile,
        response: { 204: Type.Null({ description: 'Stored.' }) },
      },
    },
    async ({ ctx, params, body }) => void (await setAppIcon(ctx, params.id, body)),
  )

  app.delete(
    PATH,
    {
      config: { ...changes, refusals: ['app.not_found'] },
      schema: {
        ...ofApp,
        operationId: 'removeAppIcon',
        summary: 'Remove the icon of an app',
        description: 'Answers in the same way for an app without one.',
        response: { 204: Type.Null({ description: 'Without an icon.' }) },
      },
    },
    async ({ ctx, params }) => void (await removeAppIcon(ctx, params.id)),
  )

  app.get(
    PATH,
    {
      config: { access: 'anyone', refusals: ['app.icon_not_found'] },
      schema: {
        ...ofApp,
        operationId: 'getAppIcon',
        summary: 'The icon of an app',
        description: 'For everyone, since people see it before they sign in.',
        querystring: IconQuery,
        response: { 200: IconAnswer, 304: Type.Null({ description: 'As it was loaded before.' }) },
      },
    },
    async ({ ctx, params, query, headers }, reply) => {
      const icon = await findIcon(ctx, params.id)
      if (icon === undefined) throw new Refusal('app.icon_not_found')
      const tag = iconTag(icon.digest)
      reply
        .header('etag', `"${tag}"`)
        .header('cache-control', query.v === tag ? `public, max-age=${YEAR}, immutable` : 'public, no-cache')
      if (headers['if-none-match'] === `"${tag}"`) return reply.code(304).send(null)
      return reply.type(icon.type).send(icon.content)
    },
  )
}

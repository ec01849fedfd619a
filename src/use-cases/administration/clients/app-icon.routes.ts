import { findIcon } from '#domain/clients/client-icon.service.ts'
import { ICON_UPLOAD_MAXIMUM, iconTag } from '#domain/clients/client-icon.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { App } from '#foundation/web/http/app.ts'
import { named } from '#foundation/web/http/schema.ts'
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
    { config: { access: 'anyone', undocumented: true } },
    async ({ ctx, params, query, headers }, reply) => {
      const { id } = params as { readonly id: string }
      const icon = await findIcon(ctx, id)
      if (icon === undefined) throw new Refusal('request.not_found')
      const tag = iconTag(icon.digest)
      const isNamed = (query as { readonly v?: unknown }).v === tag
      reply
        .header('etag', `"${tag}"`)
        .header('cache-control', isNamed ? `public, max-age=${YEAR}, immutable` : 'public, no-cache')
      if (headers['if-none-match'] === `"${tag}"`) return reply.code(304).send()
      return reply.type(icon.type).send(icon.content)
    },
  )
}

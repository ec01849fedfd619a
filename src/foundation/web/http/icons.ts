// The pictures that browsers and home screens ask for beside the page.
import type { App } from './app.ts'
import { OWN_BRAND } from './brand.ts'

const [DAY, YEAR] = [86_400, 31_536_000]
/** The URL is fixed, so it cannot contain a hash, and a changed icon is seen after a day. */
const SOON = `public, max-age=${DAY}`
const FOR_EVER = `public, max-age=${YEAR}, immutable`

export const MANIFEST_PATH = '/site.webmanifest'

/** Serves /favicon.ico, the icon of home screens, and the manifest that names both with the instance (W3C Web Application Manifest). */
export function registerIcons(app: App): void {
  const { icons, ground } = app.brand ?? OWN_BRAND
  const { tab, touch, fallback } = icons
  const served = [
    { ...fallback, url: '/favicon.ico', caching: SOON },
    ...(touch && touch.url !== tab.url ? [{ ...touch, caching: FOR_EVER }] : []),
  ]
  for (const { url, type, policy, content, caching } of served) {
    let drawn: Buffer | undefined
    app.get(url, { config: { access: 'anyone', undocumented: true } }, (_request, reply) => {
      if (policy !== undefined) reply.header('content-security-policy', policy)
      return reply
        .type(type)
        .header('cache-control', caching)
        .send((drawn ??= content()))
    })
  }
  app.get(MANIFEST_PATH, { config: { access: 'anyone', undocumented: true } }, (request, reply) => {
    const { instanceName } = request.ctx.config
    const manifest = {
      name: instanceName,
      short_name: instanceName,
      start_url: '/',
      display: 'browser',
      background_color: ground.light,
      theme_color: ground.light,
      icons: [
        { src: tab.url, type: tab.type, sizes: 'any' },
        ...(touch ? [{ src: touch.url, type: touch.type, sizes: '180x180' }] : []),
      ],
    }
    return reply.type('application/manifest+json').header('cache-control', SOON).send(JSON.stringify(manifest))
  })
}

// Paths of the site itself: its root, the theme, and the well-known URIs.
import { canHavePasskeys } from '#domain/factors/passkeys/relying-party.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { days, toRfc3339 } from '#foundation/kernel/time.ts'
import type { App } from '#foundation/web/http/app.ts'
import { safePath } from '#foundation/web/http/redirect.ts'
import { setSingleKeys } from '#foundation/web/http/single-keys.ts'
import { isTheme, setTheme, THEME_PATH } from '#foundation/web/http/theme.ts'
import { seeOther } from '#foundation/web/pages/page.ts'

/** RFC 9116 §2.5.5 recommends less than a year. The date is computed for each request, so the file does not expire. */
const GOOD_FOR = days(180)

const PAGE = { access: 'anyone', page: true, undocumented: true } as const

export function sitePages(app: App): void {
  // The root redirects to the account of a signed-in user, else to the sign-in.
  app.get('/', { config: PAGE }, (request, reply) =>
    seeOther(reply, request.ctx.principal.kind === 'session' ? '/account' : '/sign-in'),
  )

  // Stores the theme of this browser. A form sends it, so that a link cannot change it (CSRF).
  app.post(THEME_PATH, { config: PAGE }, (request, reply) => {
    const { theme, next } = (request.body ?? {}) as Readonly<Record<string, unknown>>
    if (isTheme(theme)) setTheme(reply, theme)
    return seeOther(reply, safePath(next) ?? '/')
  })

  // Stores whether single keys act in this browser; a form again, for the same reason.
  app.post('/single-keys', { config: { ...PAGE, access: 'signed-in' } }, (request, reply) => {
    const { keys } = (request.body ?? {}) as Readonly<Record<string, unknown>>
    if (keys === 'on' || keys === 'off') setSingleKeys(reply, keys === 'on')
    return seeOther(reply, '/account#keyboard')
  })

  wellKnownUris(app)
}

/** Well-known URIs (RFC 8615). */
function wellKnownUris(app: App): void {
  // Password managers open this URL to change a password (W3C, "A Well-Known URL for Changing Passwords").
  app.get('/.well-known/change-password', { config: PAGE }, (_request, reply) =>
    seeOther(reply, '/account/security/password'),
  )

  // Password managers find out here that passkeys are supported (W3C, "A Well-Known URL for Relying Party Passkey Endpoints").
  app.get('/.well-known/passkey-endpoints', { config: { access: 'anyone', undocumented: true } }, ({ ctx }, reply) => {
    if (!canHavePasskeys(ctx.config)) throw new Refusal('request.not_found')
    const security = `${ctx.config.publicUrl}/account/security`
    return reply.send({ enroll: `${security}/passkeys/new`, manage: `${security}#passkeys` })
  })

  app.get('/.well-known/security.txt', { config: { access: 'anyone', undocumented: true } }, ({ ctx }, reply) => {
    const { securityContact, publicUrl } = ctx.config
    if (securityContact === null) throw new Refusal('request.not_found')
    const lines = [
      `Contact: ${securityContact}`,
      `Expires: ${toRfc3339(ctx.now + GOOD_FOR)}`,
      `Canonical: ${publicUrl}/.well-known/security.txt`,
    ]
    return reply.type('text/plain; charset=utf-8').send(`${lines.join('\n')}\n`)
  })
}

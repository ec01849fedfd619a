// Addresses of the site itself: its root, the theme, and what programs know beforehand.
import { canHavePasskeys } from '../../domain/factors/passkeys/relying-party.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import { days, toRfc3339 } from '../../foundation/kernel/time.ts'
import type { App } from '../../foundation/web/http/app.ts'
import { seeOther } from '../../foundation/web/pages/page.ts'
import { safePath } from '../../foundation/web/http/redirect.ts'
import { isTheme, setTheme } from '../../foundation/web/http/theme.ts'

/** RFC 9116 §2.5.5 advises less than a year; whoever reads the file later asks for it again. */
const GOOD_FOR = days(180)

const PAGE = { access: 'anyone', page: true, undocumented: true } as const

export function sitePages(app: App): void {
  // The root leads to where the person can go on.
  app.get('/', { config: PAGE }, (request, reply) =>
    seeOther(reply, request.ctx.principal.kind === 'session' ? '/account' : '/sign-in'),
  )

  // How the pages look in this browser. A form like any other, so that a link cannot change it.
  app.post('/theme', { config: PAGE }, (request, reply) => {
    const { theme, next } = (request.body ?? {}) as Readonly<Record<string, unknown>>
    if (isTheme(theme)) setTheme(reply, theme)
    return seeOther(reply, safePath(next) ?? '/')
  })

  wellKnownUris(app)
}

/** Well-known URIs (RFC 8615). */
function wellKnownUris(app: App): void {
  // Where password managers send people (W3C, "A Well-Known URL for Changing Passwords").
  app.get('/.well-known/change-password', { config: PAGE }, (_request, reply) =>
    seeOther(reply, '/account/security/password'),
  )

  // Where password managers find out that there are passkeys here (W3C, "A Well-Known URL for Relying Party Passkey Endpoints").
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

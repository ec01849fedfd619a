import type { FastifyReply } from 'fastify'

import { isMailOn } from '#domain/mail/mail.service.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import { commandOnPage } from '#foundation/platform/program-name.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { linkButton } from '#foundation/web/components/button.ts'
import { commandBox } from '#foundation/web/components/copy.ts'
import { lineDrawing } from '#foundation/web/components/drawing.ts'
import { cardPart, drawnList, type Statement } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { clearAttemptCookie } from '#foundation/web/http/cookies.ts'
import { withNext } from '#foundation/web/http/redirect.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import { supportLine } from '#foundation/web/pages/support-line.ts'

/** The help page for a lost password or phone: the contact, and what to report to them. */
export function signInHelpPages(app: App): void {
  const config = { access: 'anyone', page: true, undocumented: true } as const
  app.get('/sign-in/help', { config }, ({ ctx, query }, reply) => {
    const say = texts(localeOf(reply))
    return sendPage(reply, {
      title: [say.signInHelp.title, say.signIn.title],
      body: helpBody(say, ctx.config, withNext('/sign-in', query)),
    })
  })
}

function helpBody(say: Texts, config: Config, back: string): Html {
  const { signInHelp } = say
  const { username, lost, contact } = signInHelp.sayings
  return html`${drawnList([
      ...(isMailOn(config) ? [resetByMail(say)] : []),
      { drawing: 'codes', label: signInHelp.withCode, detail: signInHelp.withCodeText },
      {
        drawing: 'user',
        label: signInHelp.byAdmin,
        detail: html`${signInHelp.byAdminText} ${supportLine(say, config)}`,
      },
    ])}
    ${cardPart(
      signInHelp.toSay,
      html`${drawnList([
          { drawing: 'role', label: username },
          { drawing: 'passkey', label: lost },
          { drawing: 'mail', label: contact },
        ])}
        <p class="small">${signInHelp.never}</p>`,
    )}
    <p>${linkButton(back, signInHelp.back)}</p>
    <details>
      <summary>${signInHelp.ownServer}</summary>
      <p>${signInHelp.ownServerText}</p>
      <p>${commandBox(commandOnPage(config, signInHelp.command))}</p>
    </details>`
}

function resetByMail({ forgotPassword, signInHelp }: Texts): Statement {
  const detail = html`<a href="/forgot-password">${signInHelp.byMail}</a>`
  return { drawing: 'mail', label: forgotPassword.title, detail }
}

/** The page for a disabled user whose factors were all verified. It offers no form, since no other code would sign them in. */
export function showDisabled(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const say = texts(localeOf(reply))
  const { ctx, query } = reply.request
  const { config } = ctx
  clearAttemptCookie(reply, config)
  return sendPage(reply, {
    title: [say.signIn.turnedOff, say.signIn.title],
    refusal,
    above: lineDrawing('bolted'),
    body: html`${supportLine(say, config) ?? html`<p>${say.signIn.askAbout(config.instanceName)}</p>`}
      <p>${linkButton(withNext('/sign-in', query), say.signInHelp.back)}</p>`,
  })
}

// The sections of the account page about the email that waits for its confirmation, and about notices.
import { isMailOn } from '#domain/mail/mail.service.ts'
import { type NoticeKind, NOTICES, OPTIONAL_NOTICE } from '#domain/notices/notice.ts'
import type { WithSession } from '#foundation/context.ts'
import { dayAndTime } from '#foundation/texts/day-and-time.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { secondaryButton } from '#foundation/web/components/button.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { lineList, rowList, section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { typedText } from '#foundation/web/pages/form.ts'
import { redirectWithFlash } from '#foundation/web/pages/page.ts'
import { discardOwnEmail, isVerifiable, ownPendingEmail, verifyOwnEmail } from './own-email.service.ts'
import { changeOwnNotices, ownNotices } from './own-notices.service.ts'

const VERIFY = '/account/email/verify'
const DISCARD = '/account/email/discard'
const CHOICE = '/account/notices'

const config = { access: 'signed-in', page: true, undocumented: true } as const

/** The forms of these sections. */
export function ownNoticesPages(app: App): void {
  app.post(VERIFY, { config }, async (request, reply) => {
    await verifyOwnEmail(signedIn(request.ctx))
    return redirectWithFlash(reply, '/account?done=email-verify')
  })

  app.post(DISCARD, { config }, async (request, reply) => {
    await discardOwnEmail(signedIn(request.ctx))
    return redirectWithFlash(reply, '/account?done=email-discarded')
  })

  app.post(CHOICE, { config: { ...config, authentication: 'recent' } }, async (request, reply) => {
    await changeOwnNotices(signedIn(request.ctx), { newDevice: typedText(request.body, 'new_device') === 'on' })
    return redirectWithFlash(reply, '/account?done=notices')
  })
}

type Deps = WithSession<'db' | 'now' | 'config'>

/** What the field of the email says, with a button, and the form of that button, which stands outside of the form of the field. */
export interface EmailNote {
  readonly hint: Html
  readonly form: Html
}

/** The email that waits for its confirmation, or the button that verifies the current one; undefined where there is neither. */
export async function emailNote(ctx: Deps, say: Texts, token: Html): Promise<EmailNote | undefined> {
  if (!isMailOn(ctx.config)) return undefined
  const { ownNotices: words } = say
  const { user } = ctx.principal
  const pending = await ownPendingEmail(ctx)
  if (pending !== undefined) {
    const when = dayAndTime({ say, timeZone: user.timeZone }, pending.expiresAt)
    const sentence = pending.email === user.email ? words.pendingSame : words.pending
    return withForm(
      withNames((email) => sentence(email, when), pending.email ?? ''),
      DISCARD,
      words.withdraw,
      token,
    )
  }
  if (!isVerifiable(ctx, user)) return undefined
  return withForm(html`${say.account.emailUnconfirmed}`, VERIFY, words.verify, token)
}

function withForm(sentence: Html, action: string, label: string, token: Html): EmailNote {
  return {
    hint: html`${sentence} <button class="button quiet" type="submit" form="pending-email">${label}</button>`,
    form: html`<form id="pending-email" method="post" action="${action}" hidden>${token}</form>`,
  }
}

/** Which notices the user gets, and the choice of the one that can be turned off; undefined where mail is off. */
export async function ownNoticesSection(ctx: Deps, say: Texts, token: Html): Promise<Html | undefined> {
  if (!isMailOn(ctx.config)) return undefined
  const { ownNotices: words, noticeKinds } = say
  const { newDevice } = await ownNotices(ctx)
  const kinds = (Object.keys(NOTICES) as NoticeKind[]).filter((kind) => kind !== OPTIONAL_NOTICE)
  const choice = html`<form method="post" action="${CHOICE}">
    ${token}
    <input type="hidden" name="new_device" value="${newDevice ? 'off' : 'on'}" />
    ${secondaryButton(newDevice ? words.turnOff : words.turnOn)}
  </form>`
  const body = html`${ctx.principal.user.email === null && html`<p>${words.without}</p>`}
    ${rowList([{ name: newDevice ? words.isOn : words.isOff, action: choice }], 'tight')}
    <details>
      <summary>${words.always}</summary>
      ${lineList(kinds.map((kind) => noticeKinds[kind]))}
    </details>`
  return section({ id: 'notices', title: words.title, lead: words.lead, body })
}

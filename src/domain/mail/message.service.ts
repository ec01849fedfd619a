// Makes the message of a queued mail: subject, text and HTML in the language of its recipient.
import type { With } from '../../foundation/context.ts'
import { Secret } from '../../foundation/kernel/secret.ts'
import { dayAndTime } from '../../foundation/texts/day-and-time.ts'
import { texts } from '../../foundation/texts/texts.ts'
import type { Texts } from '../../foundation/texts/texts.ts'
import { html } from '../../foundation/web/html.ts'
import { fill, paragraphsOf } from './fill.ts'
import type { Facts } from './fill.ts'
import type { MailTemplate } from './mail-template.ts'
import { sealedFor } from './mail.service.ts'
import type { QueuedMail } from './outbox.ts'

export interface Message {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Opens the link of a queued mail; null where there is none, or where it was erased. Throws `KeyringError` if its key is missing. */
export function linkOf({ keyring, config }: With<'keyring' | 'config'>, mail: QueuedMail): Secret | null {
  const { id, linkPath, sealedLinkToken } = mail
  if (linkPath === null || sealedLinkToken === null) return null
  const token = Buffer.from(keyring.open(sealedLinkToken, sealedFor(id))).toString()
  return Secret.of(`${config.publicUrl}${linkPath}/${token}`)
}

/** The message of a mail, with its link where one is given. */
export function messageOf(
  { config }: With<'config'>,
  { template, locale, facts }: Pick<QueuedMail, 'locale' | 'facts'> & { readonly template: MailTemplate },
  link: Secret | null,
): Message {
  const say = texts(locale)
  const { subject, heading, paragraphs, button, after } = say.mails[template]
  const { greeting, linkBelow, footer } = say.mailFrame
  const known = factsIn(say, {
    ...facts,
    instance: config.instanceName,
    server: new URL(config.publicUrl).host,
  })
  const url = link?.reveal()
  const before = paragraphsOf([greeting, ...paragraphs], known)
  const below = paragraphsOf(after, known)
  const foot = fill(footer, known) ?? ''
  const title = fill(heading, known) ?? ''
  const body = [title, ...before, ...(url ? [`${button}:\n${url}`] : []), ...below, `-- \n${foot}`]
  return {
    subject: fill(subject, known) ?? '',
    text: `${body.join('\n\n')}\n`,
    html: html`<!doctype html>
      <html lang="${say.language}">
        <body>
          <h1>${title}</h1>
          ${before.map((text) => html`<p>${text}</p>`)}
          ${
            url &&
            html`<p><a href="${url}">${button}</a></p>
              <p>${linkBelow}<br />${url}</p>`
          }
          ${below.map((text) => html`<p>${text}</p>`)}
          <p>${foot}</p>
        </body>
      </html>`.toString(),
  }
}

/** The facts as the texts show them: times in words. */
function factsIn(say: Texts, facts: Facts): Facts {
  const reader = { say, timeZone: facts['time_zone'] }
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      const instant = name.endsWith('_at') ? Date.parse(value ?? '') : Number.NaN
      return [name, Number.isNaN(instant) ? value : dayAndTime(reader, instant)]
    }),
  )
}

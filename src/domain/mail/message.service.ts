// Makes the message of a queued mail: subject, text and HTML in the language of its recipient.
import type { With } from '#foundation/context.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { accentTokens, type ColourScheme, shippedTokens } from '#foundation/platform/config/accent.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import { dayAndTime } from '#foundation/texts/day-and-time.ts'
import { texts } from '#foundation/texts/texts.ts'
import { type Html, html, render } from '#foundation/web/html.ts'
import { type Block, blocksOf, type Facts, fill } from './fill.ts'
import { type MailWords, wordsOf } from './mail-looks.service.ts'
import type { MailTemplate } from './mail-template.ts'
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
  const token = Buffer.from(keyring.open(sealedLinkToken, { purpose: 'mailed-link', mailId: id })).toString()
  return Secret.of(`${config.publicUrl}${linkPath}/${token}`)
}

/** The link with a placeholder for its token, as pages and answers show it; null in a mail without a link. */
export function maskedLink({ config }: With<'config'>, { linkPath }: Pick<QueuedMail, 'linkPath'>): Secret | null {
  return linkPath === null ? null : Secret.of(`${config.publicUrl}${linkPath}/[secret]`)
}

/** The page on which users set up their second steps. It holds no secret, and asks to sign in first. */
const SECURITY = '/account/security'

type Said = Pick<QueuedMail, 'locale' | 'facts'> & { readonly template: MailTemplate }

/** The message of a mail with its link, or without one. */
export function messageOf({ config }: With<'config'>, said: Said, link: Secret | null): Message {
  const locale = said.locale ?? config.defaultLocale
  const say = texts(locale)
  const words = wordsOf(config, said.template, locale)
  const facts = factsIn(say, said.facts)
  const { publicUrl } = config
  const own = { instance: config.instanceName, server: new URL(publicUrl).host, security: `${publicUrl}${SECURITY}` }
  const filled = (text: string): string => fill(text, facts, own) ?? ''
  const parts: Parts = {
    language: say.language,
    instance: config.instanceName,
    subject: filled(words.subject) || filled(words.subjectWithout ?? ''),
    heading: filled(words.heading),
    before: blocksOf([words.frame.greeting, ...words.paragraphs], facts, own),
    url: link?.reveal() ?? null,
    button: filled(words.button),
    linkBelow: words.frame.linkBelow,
    after: blocksOf(words.after, facts, own),
    footer: filled(words.frame.footer),
  }
  return {
    subject: parts.subject,
    text: asText(parts),
    html: asHtml(parts, config.mailTemplates?.look?.css ?? mailStyle(config)),
  }
}

type Parts = Readonly<Record<'language' | 'instance' | 'subject' | 'heading' | 'button' | 'footer', string>> &
  Pick<MailWords['frame'], 'linkBelow'> & {
    readonly before: readonly Block[]
    readonly after: readonly Block[]
    readonly url: string | null
  }

/** The line before the footer is the separator of a signature (RFC 3676 §4.3). */
function asText({ heading, before, url, button, after, footer }: Parts): string {
  const link = url === null ? [] : [button === '' ? url : `${button}:\n${url}`]
  const texts = (blocks: readonly Block[]): string[] =>
    blocks.map((block) =>
      typeof block === 'string' ? block : block.map(([label, value]) => `${label}: ${value}`).join('\n'),
    )
  return `${[heading, ...texts(before), ...link, ...texts(after)].join('\n\n')}\n\n-- \n${footer}\n`
}

function blockHtml(block: Block): Html {
  if (typeof block === 'string') return html`<p>${block}</p>`
  return html`<table>
    ${block.map(
      ([label, value]) =>
        html`<tr>
          <th scope="row">${label}</th>
          <td>${value}</td>
        </tr>`,
    )}
  </table>`
}

const STYLE = '<style></style>'

function asHtml(
  { language, instance, subject, heading, before, url, button, linkBelow, after, footer }: Parts,
  css: string,
) {
  const link =
    url !== null &&
    html`${button !== '' && html`<p><a class="button" href="${url}">${button}</a></p>`}
      <p class="small">${linkBelow}<br /><a href="${url}">${url}</a></p>`
  const document = render(
    html`<!doctype html>
      <html lang="${language}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="supported-color-schemes" content="light dark" />
          <title>${subject}</title>
          <style></style>
        </head>
        <body>
          <div class="mail">
            <p class="brand">${instance}</p>
            <div class="card">
              <h1>${heading}</h1>
              ${before.map(blockHtml)} ${link} ${after.map(blockHtml)}
            </div>
            <p class="foot">${footer}</p>
          </div>
        </body>
      </html>`,
  )
  // A style sheet is no value that could be escaped: the shipped one is a constant, and the operator's was checked for `<`.
  return document.replace(STYLE, () => `<style>\n${css}</style>`)
}

/** The facts as the texts show them: times in words. */
function factsIn(say: { readonly language: string }, facts: Facts): Facts {
  const reader = { say, timeZone: facts['time_zone'] }
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      const instant = name.endsWith('_at') ? Date.parse(value ?? '') : Number.NaN
      return [name, Number.isNaN(instant) ? value : dayAndTime(reader, instant)]
    }),
  )
}

/** The style sheet of mails in the colours of the pages. It loads nothing, and knows a light and a dark theme. */
function mailStyle({ accent, accentDark }: Pick<Config, 'accent' | 'accentDark'>): string {
  const dark = coloursOf('dark', accentDark)
  return `${LAYOUT}${coloursOf('light', accent)}@media (prefers-color-scheme: dark) {\n${dark}}\n`
}

const LAYOUT = `:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 24px 12px; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.mail { max-width: 560px; margin: 0 auto; }
.brand { margin: 0 0 16px; font-weight: 600; }
.card { padding: 24px; border: 1px solid; border-radius: 12px; }
h1 { margin: 0 0 16px; font-size: 22px; line-height: 1.3; overflow-wrap: anywhere; hyphens: auto; }
p, td { overflow-wrap: anywhere; }
p, table { margin: 0 0 16px; }
table { border-collapse: collapse; }
th, td { padding: 2px 16px 2px 0; text-align: start; vertical-align: top; }
th { font-weight: 400; }
.card p:last-child { margin-bottom: 0; }
.button { display: inline-block; padding: 12px 20px; border-radius: 8px; font-weight: 600; text-decoration: none; }
.small, .foot { font-size: 14px; }
.foot { margin: 16px 0 0; }
`

function coloursOf(theme: ColourScheme, accent: string | null): string {
  const shipped = shippedTokens(theme)
  const tokens = accent === null ? shipped : { ...shipped, ...accentTokens(accent, theme) }
  return `body { background: ${tokens['bg']}; color: ${tokens['text']}; }
.card { background: ${tokens['surface']}; border-color: ${tokens['border']}; }
.small, .foot, th { color: ${tokens['muted']}; }
.small a { color: ${tokens['accent']}; }
.button { background: ${tokens['accent']}; color: ${tokens['on-accent']}; }
`
}

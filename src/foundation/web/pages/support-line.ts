// Whom to ask for help: a line of the pages on which people cannot go on.
import type { Config } from '#foundation/platform/config/types.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { type Html, html } from '../html.ts'

/** The support contact, as a link if it is a URL or an email; undefined without one, since the page itself says when to ask an admin. */
export function supportLine({ signIn }: Texts, { supportContact }: Pick<Config, 'supportContact'>): Html | undefined {
  if (supportContact === null) return undefined
  const href = linkTo(supportContact)
  const contact = href === undefined ? supportContact : html`<a href="${href}">${supportContact}</a>`
  return html`<p>${signIn.ask} <strong>${contact}</strong></p>`
}

function linkTo(contact: string): string | undefined {
  if (/^https?:\/\/\S+$/.test(contact) || /^mailto:\S+$/.test(contact)) return contact
  return /^[^\s@:/]+@[^\s@:/]+$/.test(contact) ? `mailto:${contact}` : undefined
}

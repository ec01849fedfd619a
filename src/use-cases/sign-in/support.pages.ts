import { html } from '../../foundation/web/html.ts'
import type { Html } from '../../foundation/web/html.ts'
import type { Texts } from '../../foundation/texts/texts.ts'

export interface Supported {
  readonly instanceName: string
  readonly supportContact: string | null
}

/** The support contact, as a link if it is a URL or an email; without a contact, a sentence that names the instance. */
export function supportLine({ signIn }: Texts, { instanceName, supportContact }: Supported): Html {
  if (supportContact === null) return html`<p>${signIn.askAbout(instanceName)}</p>`
  const href = linkTo(supportContact)
  const contact = href === undefined ? supportContact : html`<a href="${href}">${supportContact}</a>`
  return html`<p>${signIn.ask} <strong>${contact}</strong></p>`
}

function linkTo(contact: string): string | undefined {
  if (/^https?:\/\/\S+$/.test(contact) || /^mailto:\S+$/.test(contact)) return contact
  return /^[^\s@:/]+@[^\s@:/]+$/.test(contact) ? `mailto:${contact}` : undefined
}

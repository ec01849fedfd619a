import type { Texts } from '#foundation/texts/texts.ts'
import { type Html, html } from '../html.ts'

/** The one filled button of a view. It is never disabled: submitting explains what is missing. */
export function submitButton(label: string): Html {
  return html`<button class="button primary" type="submit">${label}</button>`
}

/** The filled button of a form whose answer can be slow, since a password or a code is checked. The module `slow-answer` shows that. */
export function checkButton({ words }: Texts, label: string): Html {
  return html`<button class="button primary" type="submit" data-checking="${words.checking}">${label}</button>`
}

export function secondaryButton(label: Html | string): Html {
  return html`<button class="button" type="submit">${label}</button>`
}

/** A button of one row of a list, which must not be louder than the row. */
export function quietButton(label: Html | string): Html {
  return html`<button class="button quiet" type="submit">${label}</button>`
}

/** A link in the style of such a button. */
export function quietLink(href: string, label: Html | string): Html {
  return html`<a class="button quiet" href="${href}">${label}</a>`
}

/** The button of a destructive action, on the page that asks for confirmation. It is the one filled button. */
export function confirmDangerButton(label: string): Html {
  return html`<button class="button danger sure" type="submit">${label}</button>`
}

/** A link to another page in the style of the second button of a view. */
export function linkButton(href: string, label: Html | string): Html {
  return html`<a class="button" href="${href}">${label}</a>`
}

/** A link to the page that asks for confirmation of a destructive action. It is outlined, so that it does not look like the next step. */
export function dangerLink(href: string, label: string): Html {
  return html`<a class="button danger" href="${href}">${label}</a>`
}

/** The one filled button of a view whose next step is another page. */
export function primaryLink(href: string, label: Html | string): Html {
  return html`<a class="button primary" href="${href}">${label}</a>`
}

/** Buttons and links side by side, the next step first. */
export function buttonRow(...buttons: readonly Html[]): Html {
  return html`<div class="actions">${buttons}</div>`
}

/** The same for buttons with longer labels, which a phone shows one below the other. */
export function longButtonRow(...buttons: readonly Html[]): Html {
  return html`<div class="actions long">${buttons}</div>`
}

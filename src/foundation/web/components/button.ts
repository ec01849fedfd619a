import { html } from '../html.ts'
import type { Html } from '../html.ts'

/** The one filled button of a view. Never disabled: pressing it explains what is missing. */
export function submitButton(label: string): Html {
  return html`<button class="button primary" type="submit">${label}</button>`
}

export function secondaryButton(label: Html | string): Html {
  return html`<button class="button" type="submit">${label}</button>`
}

/** Takes something away. Outlined, so that it never looks like the way on. */
export function dangerButton(label: string): Html {
  return html`<button class="button danger" type="submit">${label}</button>`
}

/** The same on the page that asks first, where it is the one filled button. */
export function confirmDangerButton(label: string): Html {
  return html`<button class="button danger sure" type="submit">${label}</button>`
}

/** A link to another page that looks like the second button of a view. */
export function linkButton(href: string, label: Html | string): Html {
  return html`<a class="button" href="${href}">${label}</a>`
}

/** A link to the page that asks before something is taken away. */
export function dangerLink(href: string, label: string): Html {
  return html`<a class="button danger" href="${href}">${label}</a>`
}

/** The one filled button of a view where the way on is another page. */
export function primaryLink(href: string, label: string): Html {
  return html`<a class="button primary" href="${href}">${label}</a>`
}

/** Buttons and links side by side, the way on first. */
export function buttonRow(...buttons: readonly Html[]): Html {
  return html`<div class="actions">${buttons}</div>`
}

/** The same with more words on them, which stand one below the other on a phone. */
export function longButtonRow(...buttons: readonly Html[]): Html {
  return html`<div class="actions long">${buttons}</div>`
}

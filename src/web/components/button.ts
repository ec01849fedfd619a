import { html } from '../html.ts'
import type { Html } from '../html.ts'

/** The one filled button of a view. Never disabled: pressing it explains what is missing. */
export function submitButton(label: string): Html {
  return html`<button class="button primary" type="submit">${label}</button>`
}

export function secondaryButton(label: string): Html {
  return html`<button class="button" type="submit">${label}</button>`
}

/** Takes something away. Outlined, so that it never looks like the way on. */
export function dangerButton(label: string): Html {
  return html`<button class="button danger" type="submit">${label}</button>`
}

/** A link to another page that looks like the second button of a view. */
export function linkButton(href: string, label: string): Html {
  return html`<a class="button" href="${href}">${label}</a>`
}

/** Buttons and links side by side, the way on first. */
export function buttonRow(...buttons: readonly Html[]): Html {
  return html`<div class="actions">${buttons}</div>`
}

import { html } from '../html.ts'
import type { Html } from '../html.ts'

/** The one filled button of a view. Never disabled: pressing it explains what is missing. */
export function submitButton(label: string): Html {
  return html`<button class="button primary" type="submit">${label}</button>`
}

export function secondaryButton(label: string): Html {
  return html`<button class="button" type="submit">${label}</button>`
}

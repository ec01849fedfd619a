import { html } from '../html.ts'
import type { Html } from '../html.ts'

interface SummaryItem {
  readonly message: Html | string
  /** The id of the field to which the message links. */
  readonly field?: string | undefined
}

export interface Summary {
  readonly heading: string
  readonly items: readonly SummaryItem[]
  /** Whether the summary gets the focus; if not, the field that it describes does. */
  readonly focused: boolean
}

export const SUMMARY_ID = 'error-summary'

/** All errors of a form, above it. */
export function errorSummary({ heading, items, focused }: Summary): Html {
  return html`<div
    class="banner danger summary"
    id="${SUMMARY_ID}"
    role="alert"
    tabindex="-1"
    ${focused && html`autofocus`}
  >
    <h2>${heading}</h2>
    <ul>
      ${items.map(summaryEntry)}
    </ul>
  </div>`
}

function summaryEntry({ message, field }: SummaryItem): Html {
  return field === undefined ? html`<li>${message}</li>` : html`<li><a href="#${field}">${message}</a></li>`
}

import { html } from '../html.ts'
import type { Html } from '../html.ts'

/** The steps of a flow of several pages; `current` counts from 1. */
export function stepList({
  label,
  steps,
  current,
}: {
  label: string
  steps: readonly string[]
  current: number
}): Html {
  return html`<nav class="steps" aria-label="${label}">
    <ol>
      ${steps.map((step, at) => stepOf(step, at + 1 === current))}
    </ol>
  </nav>`
}

function stepOf(step: string, isCurrent: boolean): Html {
  return isCurrent ? html`<li aria-current="step">${step}</li>` : html`<li>${step}</li>`
}

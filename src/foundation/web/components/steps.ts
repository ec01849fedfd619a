// How far a user is in what takes several pages.
import { html } from '../html.ts'
import type { Html } from '../html.ts'

export interface StepIndicator {
  /** How many of the two steps are completed. */
  readonly done: 0 | 1 | 2
  /** The same in words, such as `Step 1 of 2`; absent if the heading says it. */
  readonly label?: string
}

/** Two marks on the upper edge of the card, one for each step of a sign-in. They are decoration; the words are shown too. */
export function stepIndicator({ done, label }: StepIndicator): Html {
  const marks = html`<span class="step-indicator" data-done="${done}" aria-hidden="true"
    ><span class="notch"></span><span class="notch"></span
  ></span>`
  return label === undefined ? marks : html`<p class="progress">${marks}${label}</p>`
}

/** The steps of a flow of several pages; `current` counts from 1. */
export function stepList(list: { label: string; steps: readonly string[]; current: number }): Html {
  return html`<nav class="steps" aria-label="${list.label}">
    <ol>
      ${list.steps.map((step, at) => html`<li ${at + 1 === list.current && html`aria-current="step"`}>${step}</li>`)}
    </ol>
  </nav>`
}

// What stands where there is nothing to list, and where something has come to its end: a drawing, a title, what it is for, the next step.
import { type Html, html } from '../html.ts'
import { type LineDrawing, lineDrawing } from './drawing.ts'

export interface EmptyState {
  readonly drawing: LineDrawing
  readonly title: Html | string
  /** What the list is for, in one sentence. */
  readonly text?: Html | string | undefined
  /** The next step, such as the button that adds the first item. */
  readonly action?: Html | false | undefined
}

export function emptyState({ drawing, title, text, action }: EmptyState): Html {
  return html`<div class="empty">
    ${lineDrawing(drawing)}
    <h2>${title}</h2>
    ${text && html`<p>${text}</p>`} ${action}
  </div>`
}

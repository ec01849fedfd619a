import { avatar } from '#foundation/web/components/avatar.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { lineList, panel } from '#foundation/web/components/section.ts'
import { banner } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { UserReader } from './user-reader.pages.ts'

interface UserQuestion {
  /** When it takes effect; undefined for immediately. */
  readonly takesEffect?: Html | undefined
  /** What to watch for before one agrees. */
  readonly warning?: Html | string | undefined
  /** What happens. */
  readonly facts: readonly (Html | string)[]
  readonly form: Html
}

/** The card of a question about a user: the face, what happens, what to watch for in a box of its own, and the form with its one filled button. */
export function userQuestion({ user }: UserReader, { takesEffect, warning, facts, form }: UserQuestion): Html {
  const fullName = user.fullName?.trim()
  return panel(
    html`<div class="asked">
        ${avatar(user)}
        <div>
          <strong>${name(fullName || user.username)}</strong>
          ${fullName && html`<div class="small">${name(user.username)}</div>`}
        </div>
      </div>
      ${takesEffect} ${lineList(facts)} ${warning !== undefined && banner('warn', warning)} ${form}`,
  )
}

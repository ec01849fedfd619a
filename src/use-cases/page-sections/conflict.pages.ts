// What a form of one's own account says after a change that was made meanwhile, for example in another window.
import type { Texts } from '#foundation/texts/texts.ts'
import { linkButton } from '#foundation/web/components/button.ts'
import { errorSummary, type Summary } from '#foundation/web/components/error-summary.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { state } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'

/** Links to the fields that were changed, and keeps what is stored now at a press of a button. */
export function ownConflictSummary({ account }: Texts, changed: Summary['items']): Html {
  return errorSummary({
    heading: account.staleTitle,
    items: changed,
    focused: true,
    kind: 'warn',
    below: html`<p>${account.stale}</p>
      <p>${linkButton('/account', account.keepNew)}</p>`,
  })
}

/** The value that is stored now, beside a field with another; empty for none. Both are valid, so it is no error. */
export function storedNow({ account }: Texts, value: string): Html {
  return state('warn', value === '' ? account.valueNow(null) : withNames(account.valueNow, value))
}

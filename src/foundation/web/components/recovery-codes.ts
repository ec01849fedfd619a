import type { Secret } from '../../kernel/secret.ts'
import type { Instant } from '../../kernel/time.ts'
import { day } from '../../texts/day-and-time.ts'
import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../../texts/texts.ts'
import { submitButton } from './button.ts'
import { checkbox } from './choice.ts'
import { name } from './person-name.ts'

/** What the page is nicer with; without them the codes are read, selected and printed as any text. */
export const CODES_MODULES = ['copy', 'recovery-codes'] as const

/** Where whoever has saved their codes says so. */
export const SAVED_CODES = '/account/security/recovery-codes/saved'

const LIST = 'recovery-codes'

export interface ShownCodes {
  readonly codes: readonly Secret[]
  readonly instanceName: string
  readonly username: string
  readonly now: Instant
  /** Where the person goes on to. */
  readonly next: string
  readonly formToken: Html
}

/** A new set, this once, with the ways to keep it; only who says that they did goes on. */
export function recoveryCodes(say: Texts, shown: ShownCodes): Html {
  const { recoveryCodes: words } = say
  const codes = shown.codes.map((code) => code.reveal())
  return html`<p class="lead">${words.lead}</p>
    <div class="sheet">
      <p class="small">${shown.instanceName} – ${name(shown.username)}</p>
      <ol class="codes" id="${LIST}" data-value="${codes.join('\n')}">
        ${codes.map((code) => html`<li><code>${code}</code></li>`)}
      </ol>
    </div>
    <div class="actions">
      <button
        class="button"
        type="button"
        data-saves-as="${words.file.name}"
        data-text="${fileOf(say, shown, codes)}"
        hidden
      >
        ${words.download}
      </button>
      <button class="button" type="button" data-copies="${LIST}" data-copied="${say.words.copied}" hidden>
        ${say.words.copy}
      </button>
      <button class="button" type="button" data-prints hidden>${words.print}</button>
    </div>
    ${savedForm(say, shown)}`
}

/** The form that goes on; its page checks the box again. */
export function savedForm(
  say: Texts,
  { next, formToken, error }: Pick<ShownCodes, 'next' | 'formToken'> & { readonly error?: Html | string | undefined },
): Html {
  return html`<form method="post" action="${SAVED_CODES}?next=${encodeURIComponent(next)}">
    ${formToken}
    ${checkbox({
      id: 'saved',
      label: say.recoveryCodes.saved,
      required: true,
      error,
      autofocus: error !== undefined,
    })}
    ${submitButton(say.words.continue)}
  </form>`
}

function fileOf(say: Texts, { instanceName, username, now }: ShownCodes, codes: readonly string[]): string {
  const { file } = say.recoveryCodes
  const made = file.made(day({ say, timeZone: null }, now))
  return [file.title(instanceName), file.username(username), made, '', ...codes, '', file.use, ''].join('\n')
}

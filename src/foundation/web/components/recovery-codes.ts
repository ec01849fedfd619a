import type { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { day } from '#foundation/texts/day-and-time.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { type Html, html } from '../html.ts'
import { submitButton } from './button.ts'
import { checkbox } from './choice.ts'
import { withIcon } from './icon.ts'
import { name } from './person-name.ts'
import { panel } from './section.ts'

/** Modules that improve the page; without them the codes can be read, selected and printed as text. */
export const CODES_MODULES = ['copy', 'recovery-codes'] as const

const LIST = 'recovery-codes'

export interface ShownCodes {
  readonly codes: readonly Secret[]
  readonly instanceName: string
  readonly username: string
  readonly now: Instant
  /** The path to which the form sends the confirmation that the codes were saved. */
  readonly action: string
  /** The path of the next page. */
  readonly next: string
  readonly formToken: Html
}

/** A new set of codes, shown once, with buttons to save it. The form continues only if the user confirms that the codes are saved. */
export function recoveryCodes(say: Texts, shown: ShownCodes): Html {
  const { recoveryCodes: words } = say
  const codes = shown.codes.map((code) => code.reveal())
  return html`<p class="lead">${words.lead}</p>
    ${panel(
      html`<div class="sheet">
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
            data-text="${fileContent(say, shown, codes)}"
            hidden
          >
            ${withIcon('download', words.download)}
          </button>
          <button class="button" type="button" data-copies="${LIST}" data-copied="${say.words.copied}" hidden>
            ${withIcon('copy', say.words.copy)}
          </button>
          <button class="button" type="button" data-prints hidden>${withIcon('print', words.print)}</button>
        </div>
        ${savedForm(say, shown)}`,
    )}`
}

/** The form that continues. The page that receives it checks the box again. */
export function savedForm(
  say: Texts,
  {
    action,
    next,
    formToken,
    error,
  }: Pick<ShownCodes, 'action' | 'next' | 'formToken'> & { readonly error?: Html | string | undefined },
): Html {
  return html`<form method="post" action="${action}?next=${encodeURIComponent(next)}">
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

function fileContent(say: Texts, { instanceName, username, now }: ShownCodes, codes: readonly string[]): string {
  const { file } = say.recoveryCodes
  const made = file.made(day({ say, timeZone: null }, now))
  return [file.title(instanceName), file.username(username), made, '', ...codes, '', file.use, ''].join('\n')
}

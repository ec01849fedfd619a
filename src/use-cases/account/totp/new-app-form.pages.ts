import type { Secret } from '../../../foundation/kernel/secret.ts'
import { submitButton } from '../../../foundation/web/components/button.ts'
import { codeField, textField } from '../../../foundation/web/components/field.ts'
import { copyButton, copyField, inGroupsOfFour, qrPanel } from '../../../foundation/web/components/copy.ts'
import { refusalWords } from '../../../foundation/web/components/error-summary.ts'
import { errorOf, formSummary } from '../../../foundation/web/pages/form.ts'
import type { FormState } from '../../../foundation/web/pages/form.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'

/** Optional scripts: the page works without them. */
export const APP_MODULES = ['copy'] as const

const KEY = 'setup-key'
const IDS = { code: 'code', name: 'name' }

/** The errors above the form; undefined if only the code is wrong, which is shown beside its field with the focus in it. */
export function newAppSummary(say: Texts, state: FormState): Html | undefined {
  return codeError(say, state) === undefined ? formSummary(say, state, IDS) : undefined
}

function codeError(say: Texts, state: FormState): Html | string | undefined {
  const { refusal, faults } = state
  if (faults.some(({ pointer }) => pointer !== '/code')) return undefined
  return errorOf(say, state, 'code') ?? (refusal && refusalWords(say, refusal))
}

export interface ShownKey {
  /** The id of the app that waits for its first code. */
  readonly id: string
  readonly secret: Secret
  readonly otpauthUri: Secret
  readonly qrSvg: Secret
  /** The name of the app that it replaces. */
  readonly name: string | undefined
  readonly action: string
  readonly submit: string
  readonly formToken: Html
}

/** The setup key in its three forms, a name, and last the code that confirms it, since a code is valid for half a minute only. */
export function newAppForm(say: Texts, state: FormState, shown: ShownKey): Html {
  const { enrolment } = say
  const wrong = codeError(say, state)
  return html`<form method="post" action="${shown.action}">
    ${shown.formToken}
    <input type="hidden" name="id" value="${shown.id}" />
    <ol class="parts">
      <li>${keyPart(say, shown)}</li>
      <li>${nameField(say, state, shown)}</li>
      <li>
        ${codeField({ id: IDS.code, label: enrolment.enter, error: wrong, autofocus: wrong !== undefined })}
        ${submitButton(shown.submit)}
      </li>
    </ol>
  </form>`
}

function keyPart(say: Texts, { secret, qrSvg, otpauthUri }: ShownKey): Html {
  const { enrolment } = say
  const groups = inGroupsOfFour(secret.reveal())
  return html`<h2>${enrolment.scan}</h2>
    ${qrPanel({ drawing: qrSvg, label: enrolment.qrLabel })}
    ${copyField({ id: KEY, label: enrolment.setupKey, groups, action: copyButton(say, KEY) })}
    <p class="by-touch"><a class="button" id="open-app" href="${otpauthUri.reveal()}">${enrolment.otpauth}</a></p>
    <details>
      <summary>${enrolment.details}</summary>
      <p>${enrolment.detailsText}</p>
    </details>`
}

function nameField(say: Texts, state: FormState, { name }: ShownKey): Html {
  const { newApp } = say.security
  return textField({
    id: IDS.name,
    label: newApp.name,
    hint: newApp.nameHint,
    value: state.refusal ? state.values['name'] : name,
    error: errorOf(say, state, 'name'),
    autocomplete: 'off',
    enterkeyhint: 'next',
  })
}

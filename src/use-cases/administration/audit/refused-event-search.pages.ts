import type { FastifyReply } from 'fastify'
import { Type } from '../../../foundation/web/http/type.ts'

import type { Refusal } from '../../../foundation/kernel/refusal.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { secondaryButton, submitButton } from '../../../foundation/web/components/button.ts'
import { textField } from '../../../foundation/web/components/field.ts'
import { section } from '../../../foundation/web/components/section.ts'
import { readForm } from '../../../foundation/web/pages/form.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { localeOf, seeOther, sendPage } from '../../../foundation/web/pages/page.ts'
import { refusalSentence, texts } from '../../../foundation/texts/texts.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'
import { ACTIVITY_PATH } from './activity-filter.ts'
import { refusalPath, REFUSALS_PATH } from './refused-event-path.ts'

const LookUp = Type.Object({ reference: Type.Optional(Type.String({ maxLength: 200 })) })

/** From the reference that somebody tells to the page that explains it. */
export function lookUpPages(app: App): void {
  const config = { access: 'audit:read', page: true, undocumented: true } as const
  app.get(REFUSALS_PATH, { config }, (request, reply) => {
    const form = readForm(LookUp, request.query)
    const reference = 'faults' in form ? '' : (form.value.reference?.trim() ?? '')
    return reference === '' ? showLookUp(reply, {}) : seeOther(reply, refusalPath(reference))
  })
}

export interface LookedFor {
  readonly value?: string
  /** Why nothing was found. */
  readonly refusal?: Refusal
}

/** Nothing but the form. */
export function showLookUp(reply: FastifyReply, { value, refusal }: LookedFor): FastifyReply {
  const say = texts(localeOf(reply))
  const { trace, title } = say.activity
  return sendPage(reply, {
    title: [trace.lookUp, title],
    frame: 'admin',
    refusal,
    failed: refusal !== undefined,
    body: html`${lookUpForm(say, { value, error: refusal && refusalSentence(say, refusal), button: submitButton })}
      <p><a href="${ACTIVITY_PATH}">${say.activity.back}</a></p>`,
  })
}

export function lookUpSection(say: Texts): Html {
  return section({
    id: 'look-up',
    title: say.activity.trace.lookUp,
    body: lookUpForm(say, { button: secondaryButton }),
  })
}

interface LookUpForm {
  readonly value?: string | undefined
  readonly error?: string | undefined
  /** Filled where nothing else is on the page. */
  readonly button: (label: string) => Html
}

/** With GET: the answer has an address. */
function lookUpForm(say: Texts, { value, error, button }: LookUpForm): Html {
  const { trace } = say.activity
  return html`<form method="get" action="${REFUSALS_PATH}">
    ${textField({
      id: 'reference',
      label: trace.reference,
      hint: trace.lookUpHint,
      autocomplete: 'off',
      value,
      error,
      autofocus: error !== undefined,
      required: true,
    })}
    ${button(trace.submit)}
  </form>`
}

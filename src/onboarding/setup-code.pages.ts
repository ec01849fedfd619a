import type { FastifyReply } from 'fastify'
import { Type } from '../web/type.ts'

import { Refusal } from '../kernel/refusal.ts'
import { actingAdminExists } from '../users/user.service.ts'
import type { App } from '../web/app.ts'
import { submitButton } from '../web/components/button.ts'
import { textField } from '../web/components/field.ts'
import { EMPTY_FORM, readForm, refusedForm, soleError } from '../web/form.ts'
import type { FormState } from '../web/form.ts'
import { html } from '../web/html.ts'
import { localeOf, seeOther, sendPage } from '../web/page.ts'
import { texts } from '../web/texts.ts'

const SetupCodeForm = Type.Object({ setup_token: Type.String() })

/** A link's token as it stands alone or at the end of a pasted address. */
const TOKEN = /(?:^|\/)(dwl_[A-Za-z0-9_-]{43})\/?$/

const config = { access: 'anyone', page: true, undocumented: true } as const

/** Set-up without a link: a field for the code that the server printed. Once there is an admin, no such page exists. */
export function setupCodePages(app: App): void {
  app.get('/setup', { config }, async ({ ctx }, reply) => {
    if (await actingAdminExists(ctx)) throw new Refusal('request.not_found')
    return showSetupCode(reply, EMPTY_FORM)
  })

  app.post('/setup', { config }, async ({ body }, reply) => {
    const form = readForm(SetupCodeForm, body)
    if ('faults' in form) return showSetupCode(reply, refusedForm(body, [], form.faults))
    const token = TOKEN.exec(form.value.setup_token.trim())?.[1]
    if (token === undefined) return showSetupCode(reply, refusedForm(body, [], new Refusal('link.unknown')))
    return seeOther(reply, `/setup/${token}`)
  })
}

/** The field for a setup code, and how to make a new one. */
export function showSetupCode(reply: FastifyReply, state: FormState): FastifyReply {
  const say = texts(localeOf(reply))
  const { setup, fields, hints } = say
  return sendPage(reply, {
    title: setup.codeTitle,
    heading: state.refusal ? setup.refused : setup.codeTitle,
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    body: html`<p class="lead">${state.refusal ? setup.another : setup.codeLead}</p>
      <p><code class="command">${setup.command}</code></p>
      <form method="post" action="/setup">
        ${textField({
          id: 'setup_token',
          label: fields.setupCode,
          hint: hints.setupCode,
          error: soleError(say, state, 'setup_token'),
          autocomplete: 'off',
          required: true,
          autofocus: true,
        })}
        ${submitButton(setup.open)}
      </form>`,
  })
}

// The pages that rename, end and delete a policy, and cancel a planned version.
import type { FastifyReply } from 'fastify'

import type { StoredPolicy } from '#domain/policies/store/stored-policy.service.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, confirmDangerButton, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { textField } from '#foundation/web/components/field.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { panel } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import {
  answerOf,
  EMPTY_FORM,
  type FormState,
  formSummary,
  type Outcome,
  refusedForm,
  soleError,
  typedText,
} from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { PolicyParameters } from '../policy-rollout/plan.schema.ts'
import { POLICIES_PATH, policyPath } from '../policy-rollout/policy-path.ts'
import { readConfiguredPolicy, readPolicy } from './named-policy.service.ts'
import { PolicyVersionParameters } from './policies.schema.ts'
import { cancelPolicyVersion, deletePolicy, endPolicy, renamePolicy } from './policies.service.ts'
import { endInWords } from './policy-words.pages.ts'

const config = { access: 'policy:write', authentication: 'recent', page: true, undocumented: true } as const
const schema = { params: PolicyParameters }
const PATH = `${POLICIES_PATH}/:id`

/** Rename, end, delete and cancel. */
export function policyActPages(app: App): void {
  app.get(`${PATH}/rename`, { config, schema }, ({ params }, reply) => askForName(reply, params.id, EMPTY_FORM))
  app.post(`${PATH}/rename`, { config, schema }, async ({ ctx, params, body }, reply) => {
    const { refusal } = await answerOf(renamePolicy(ctx, params.id, typedText(body, 'name')))
    if (refusal) return askForName(reply, params.id, refusedForm(body, ['name'], refusal))
    return redirectWithFlash(reply, policyPath(params.id, '?done=renamed'))
  })

  app.get(`${PATH}/end`, { config, schema }, ({ params }, reply) => ask(reply, 'end', params.id))
  app.post(`${PATH}/end`, { config, schema }, async ({ ctx, params }, reply) =>
    afterAct(reply, 'end', params.id, await answerOf(endPolicy(ctx, params.id, null))),
  )

  app.get(`${PATH}/delete`, { config, schema }, ({ params }, reply) => ask(reply, 'delete', params.id))
  app.post(`${PATH}/delete`, { config, schema }, async ({ ctx, params }, reply) =>
    afterAct(reply, 'delete', params.id, await answerOf(deletePolicy(ctx, params.id))),
  )

  const versioned = { config, schema: { params: PolicyVersionParameters } }
  app.get(`${PATH}/versions/:version/cancel`, versioned, ({ params }, reply) =>
    ask(reply, 'cancel', params.id, { below: `/versions/${params.version}/cancel` }),
  )
  app.post(`${PATH}/versions/:version/cancel`, versioned, async ({ ctx, params: { id, version } }, reply) =>
    afterAct(reply, 'cancel', id, await answerOf(cancelPolicyVersion(ctx, id, version)), `/versions/${version}/cancel`),
  )
}

type Act = 'end' | 'delete' | 'cancel'

/** Leads on after an act; shows its question again with the refusal. */
function afterAct(
  reply: FastifyReply,
  act: Act,
  id: string,
  { refusal }: Outcome<StoredPolicy | void>,
  below = `/${act}`,
): Promise<FastifyReply> | FastifyReply {
  if (refusal) return ask(reply, act, id, { below, state: refusedForm({}, [], refusal) })
  if (act === 'delete') return redirectWithFlash(reply, `${POLICIES_PATH}?done=deleted`)
  return redirectWithFlash(reply, policyPath(id, `?done=${act === 'end' ? 'ended' : 'cancelled'}`))
}

async function ask(
  reply: FastifyReply,
  act: Act,
  id: string,
  { below = `/${act}`, state = EMPTY_FORM }: { readonly below?: string; readonly state?: FormState } = {},
): Promise<FastifyReply> {
  const { say, formToken, config: settings } = adminReader(reply)
  const { ctx } = reply.request
  const policy = await readPolicy(ctx, id)
  const { one, cancelVersion } = say.policies
  const keep = say.words.cancel
  const words = {
    end: { title: one.endTitle, lead: endInWords(say, policy, readConfiguredPolicy(ctx)), submit: one.end, keep },
    delete: { title: one.deleteTitle, lead: one.deleteLead, submit: one.delete, keep },
    // Beside "Cancel change", "Cancel" would say the same.
    cancel: cancelVersion,
  }[act]
  const method = act === 'end' ? 'POST' : 'DELETE'
  const path = `/policies/${id}${act === 'delete' ? '' : below.replace('/cancel', '')}`
  return sendPage(reply, {
    title: [words.title(withoutTurns(policy.name)), say.policies.title],
    heading: withNames(words.title, policy.name),
    notice: formSummary(say, state, {}),
    refusal: state.refusal,
    body: panel(
      html`<p class="lead">${words.lead}</p>
        ${actForm(policyPath(id, below), formToken, [
          confirmDangerButton(words.submit),
          linkButton(policyPath(id), words.keep),
        ])}`,
    ),
    api: apiEquivalent(say, settings, {
      method,
      path,
      ...(act === 'end' && { body: { in_force_from: null } }),
      needsSession: true,
    }),
  })
}

function actForm(action: string, formToken: Html, buttons: readonly Html[], field?: Html): Html {
  return html`<form method="post" action="${action}">${formToken} ${field} ${buttonRow(...buttons)}</form>`
}

async function askForName(reply: FastifyReply, id: string, state: FormState): Promise<FastifyReply> {
  const { say, formToken, config: settings } = adminReader(reply)
  const policy = await readPolicy(reply.request.ctx, id)
  const { one, form } = say.policies
  const field = textField({
    id: 'name',
    label: form.name,
    value: state.values['name'] ?? policy.name,
    error: soleError(say, state, 'name'),
    autocomplete: 'off',
    required: true,
  })
  return sendPage(reply, {
    title: [one.renameTitle(withoutTurns(policy.name)), say.policies.title],
    heading: withNames(one.renameTitle, policy.name),
    notice: formSummary(say, state, { name: { id: 'name', label: form.name } }),
    refusal: state.refusal,
    body: actForm(
      policyPath(id, '/rename'),
      formToken,
      [submitButton(say.words.save), linkButton(policyPath(id), say.words.cancel)],
      field,
    ),
    api: apiEquivalent(say, settings, {
      method: 'PATCH',
      path: `/policies/${id}`,
      body: { name: policy.name },
      needsSession: true,
    }),
  })
}

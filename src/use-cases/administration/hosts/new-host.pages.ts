// The form that protects a host: its name, and who may enter. Everything else is changed on the page of the host.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { SIGNED_IN_RULE } from '#domain/hosts/host.ts'
import type { FieldError, Refusal } from '#foundation/kernel/refusal.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { PICK_MODULE } from '#foundation/web/components/choice.ts'
import { textField } from '#foundation/web/components/field.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import {
  answerOf,
  EMPTY_FORM,
  type FormState,
  formSummary,
  refusedForm,
  typedField,
  typedText,
  withFormPointers,
} from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { withChosenGroups } from '../groups/groups-field.pages.ts'
import { hostPath, HOSTS_PATH, NEW_HOST_PATH } from './host-path.ts'
import { takesEffect } from './host-rule-notice.pages.ts'
import { createHost } from './hosts.service.ts'
import {
  linksOfRule,
  readRule,
  ruleFieldNames,
  type RuleOffer,
  ruleOffer,
  rulePointer,
  whoField,
} from './rule-form.pages.ts'

const config = { access: 'apps:write', authentication: 'recent', page: true, undocumented: true } as const
const navigation: NavigationEntry = { area: 'palette', order: 73, label: (say) => say.hosts.form.newTitle }
/** An open host needs no protection. */
const SCOPES = ['signed-in', 'roles', 'groups'] as const

export function newHostPages(app: App): void {
  app.get(NEW_HOST_PATH, { config: { ...config, navigation } }, async ({ ctx }, reply) =>
    showForm(reply, EMPTY_FORM, await ruleOffer(ctx)),
  )
  app.post(NEW_HOST_PATH, { config }, createByForm)
}

async function createByForm(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { ctx, body } = request
  const offer = await ruleOffer(ctx)
  const { rule, fieldErrors } = await readRule(request, offer)
  const refused = (why: Refusal | readonly FieldError[]) =>
    showForm(reply, refusedForm(withChosenGroups(body, 'groups'), ['name', ...ruleFieldNames(offer)], why), offer)
  if (fieldErrors.length > 0) return refused(fieldErrors)
  // Everyone who signs in may enter without a rule.
  const rules = rule.who === SIGNED_IN_RULE.who ? [] : [rule]
  const { answer, refusal } = await answerOf(createHost(ctx, { name: typedText(body, 'name'), rules }))
  return refusal
    ? refused(withFormPointers(refusal, rulePointer(rule.who)))
    : redirectWithFlash(reply, hostPath(answer, '?done=created'))
}

function showForm(reply: FastifyReply, state: FormState, offer: RuleOffer): FastifyReply {
  const reader = adminReader(reply)
  const { say, config: settings, formToken } = reader
  const { hosts } = say
  const { form: words } = hosts
  return sendPage(reply, {
    title: [words.newTitle, hosts.title],
    notice: formSummary(say, state, { ...linksOfRule(say), name: { id: 'name', label: words.name } }),
    refusal: state.refusal,
    modules: [PICK_MODULE],
    body: html`<p class="lead">${words.newLead}</p>
      <form class="section of-app" method="post" action="${NEW_HOST_PATH}" autocomplete="off">
        ${formToken}
        ${textField({
          ...typedField(say, state, 'name'),
          label: words.name,
          hint: words.nameHint,
          autocomplete: 'off',
          inputmode: 'url',
          required: true,
          autofocus: state.refusal === undefined,
        })}
        ${whoField(say, state, { offer, scopes: SCOPES })} ${takesEffect(reply.request.ctx, reader, true)}
        ${buttonRow(submitButton(words.create), linkButton(HOSTS_PATH, say.words.cancel))}
      </form>`,
    api: apiEquivalent(say, settings, {
      method: 'POST',
      path: '/hosts',
      body: { name: 'photos.example.org', rules: [{ path: '/', who: 'roles', names: ['admin'] }] },
      needsSession: true,
    }),
  })
}

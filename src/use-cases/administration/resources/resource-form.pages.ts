// The form that registers a resource, and the one that changes it.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { findClient, findClientByName } from '#domain/clients/client.service.ts'
import type { Client } from '#domain/clients/client.ts'
import { MOST_RESOURCE_CLIENTS } from '#domain/clients/resource-fields.ts'
import { isPossibleLifetime, NEW_RESOURCE, TOKEN_FORMATS } from '#domain/clients/resource.ts'
import { twoPersonRule } from '#domain/policies/policy.service.ts'
import type { With } from '#foundation/context.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { matchesForm } from '#foundation/kernel/optimistic-locking.ts'
import type { FieldError, Refusal } from '#foundation/kernel/refusal.ts'
import { hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { radioGroup, selectField } from '#foundation/web/components/choice.ts'
import { longTextField, textField } from '#foundation/web/components/field.ts'
import { exactEnd } from '#foundation/web/components/moments.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type FormPart, partedForm } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import {
  answerOf,
  EMPTY_FORM,
  type FormState,
  formSummary,
  refusedForm,
  type SummaryField,
  typedField,
  typedText,
  seenField,
  withFormPointers,
} from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import {
  ALLOWED,
  readResourceForm,
  RESOURCE_FORM_FIELDS,
  resourceFormPointer,
  valuesOfResource,
} from './resource-form.ts'
import { NEW_RESOURCE_PATH, resourcePath, RESOURCES_PATH } from './resource-path.ts'
import { ResourceParameters, resourceTag } from './resources.schema.ts'
import { changeResource, createResource, type NamedResource, readNamedResource } from './resources.service.ts'

const config = { access: 'apps:write', authentication: 'recent', page: true, undocumented: true } as const
const navigation: NavigationEntry = { area: 'palette', order: 76, label: (say) => say.resources.form.newTitle }
const schema = { params: ResourceParameters }

export function resourceFormPages(app: App): void {
  app.get(NEW_RESOURCE_PATH, { config: { ...config, navigation } }, (_request, reply) => showForm(reply, EMPTY_FORM))

  app.post(NEW_RESOURCE_PATH, { config }, async (request, reply) => {
    const { ctx, body } = request
    const { uri, wanted, fieldErrors } = await readForm(request)
    const refused = (why: Refusal | readonly FieldError[]) =>
      showForm(reply, refusedForm(body, RESOURCE_FORM_FIELDS, why))
    if (fieldErrors.length > 0) return refused(fieldErrors)
    const { answer, refusal } = await answerOf(createResource(ctx, { ...wanted, uri }))
    return refusal
      ? refused(withFormPointers(refusal, resourceFormPointer))
      : redirectWithFlash(reply, resourcePath(answer, '?done=created'))
  })

  app.get(`${RESOURCES_PATH}/:id/change`, { config, schema }, async ({ ctx, params }, reply) =>
    showForm(reply, EMPTY_FORM, await readNamedResource(ctx, params.id)),
  )

  app.post(`${RESOURCES_PATH}/:id/change`, { config, schema }, (request, reply) => changeByForm(request, reply))
}

async function changeByForm(
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { ctx, params, body } = request
  const { wanted, fieldErrors, seen } = await readForm(request)
  const refused = async (why: Refusal | readonly FieldError[]) =>
    showForm(reply, refusedForm(body, RESOURCE_FORM_FIELDS, why), await readNamedResource(ctx, params.id))
  if (fieldErrors.length > 0) return refused(fieldErrors)
  const { refusal } = await answerOf(changeResource(ctx, params.id, wanted, matchesForm(seen, resourceTag)))
  if (refusal?.code === 'resource.not_found') throw refusal
  return refusal
    ? refused(withFormPointers(refusal, resourceFormPointer))
    : redirectWithFlash(reply, resourcePath(params, '?done=saved'))
}

/** What a submitted form says, with the apps that it names. */
async function readForm({ ctx, body }: Pick<FastifyRequest, 'ctx' | 'body'>) {
  const values = Object.fromEntries(RESOURCE_FORM_FIELDS.map((field) => [field, typedText(body, field)]))
  const { uri, fields, servedBy, apps } = readResourceForm(values)
  const serving = servedBy === null ? null : await appNamed(ctx, servedBy)
  // One more than a resource may have, so that the rule says when they are too many, and a long text costs no more queries.
  const words = apps === 'all' ? [] : apps.slice(0, MOST_RESOURCE_CLIENTS + 1)
  const allowed = await Promise.all(words.map((word) => appNamed(ctx, word)))
  const unknown = (pointer: string): FieldError => ({ pointer, code: 'resource.app_unknown' })
  return {
    uri,
    wanted: {
      ...fields,
      servedBy: serving?.id ?? null,
      allowedClients: apps === 'all' ? apps : allowed.flatMap((app) => app?.id ?? []),
    },
    fieldErrors: [
      ...(serving === undefined ? [unknown('/served_by')] : []),
      ...(allowed.includes(undefined) ? [unknown('/apps')] : []),
    ],
    seen: values['seen'] || undefined,
  }
}

/** An id takes precedence, since a form is shown with it where an app has no name any more. */
async function appNamed(ctx: With<'db'>, word: string): Promise<Client | undefined> {
  return (await findClient(ctx, word)) ?? findClientByName(ctx, word)
}

function showForm(reply: FastifyReply, state: FormState, found?: NamedResource): FastifyReply {
  const reader = adminReader(reply)
  const { say, config: settings, formToken } = reader
  const { title, form: words } = say.resources
  const { resource } = found ?? {}
  const stored = valuesOfResource(resource ?? NEW_RESOURCE, found?.names ?? new Map())
  const shown = state === EMPTY_FORM ? { ...state, values: stored } : state
  const rule = ruleInWords(reply, reader, found !== undefined)
  return sendPage(reply, {
    title: [resource === undefined ? words.newTitle : words.changeTitle(withoutTurns(resource.name)), title],
    heading: resource && withNames(words.changeTitle, resource.name),
    notice: formSummary(say, state, linksOf(say)),
    refusal: state.refusal,
    body: html`<p class="lead">${resource === undefined ? words.newLead : words.changeLead}</p>
      <form
        method="post"
        action="${resource === undefined ? NEW_RESOURCE_PATH : resourcePath(resource, '/change')}"
        autocomplete="off"
      >
        ${formToken} ${resource && seenField(state, resourceTag(resource))}
        ${partedForm(
          resourceParts(reader, shown, resource === undefined),
          html`${rule && html`<p class="hint">${rule}</p>`}
          ${buttonRow(
            submitButton(resource === undefined ? words.create : say.words.save),
            linkButton(resource === undefined ? RESOURCES_PATH : resourcePath(resource), say.words.cancel),
          )}`,
        )}
      </form>`,
    api: apiEquivalent(say, settings, {
      method: resource === undefined ? 'POST' : 'PATCH',
      path: resource === undefined ? '/resources' : `/resources/${resource.id}`,
      body:
        resource === undefined
          ? { uri: 'https://api.example.org/', name: 'Orders', token_format: 'jwt', scopes: ['orders:read'] }
          : { scopes: [...resource.scopes] },
      needsSession: true,
    }),
  })
}

/** When what the form says takes effect while the two-person rule is on. */
function ruleInWords(reply: FastifyReply, reader: AdminReader, isChange: boolean): string | undefined {
  const { ctx } = reply.request
  const { isOn, wait } = twoPersonRule(ctx)
  if (!isOn) return undefined
  const { resources, approvals } = reader.say
  const until = exactEnd(reader, ctx.now + wait)
  return isChange ? resources.most(until) : approvals.takesEffect(until)
}

function resourceParts({ say }: AdminReader, state: FormState, isNew: boolean): readonly FormPart[] {
  const { form: words } = say.resources
  const { parts } = words
  return [
    { id: 'about', title: say.user.details.title, fields: identityFields(say, state, isNew) },
    { id: 'tokens', title: parts.tokens, fields: tokenFields(say, state) },
    { id: 'access', title: parts.access, fields: accessFields(say, state) },
  ]
}

function identityFields(say: Texts, state: FormState, isNew: boolean): Html {
  const { form: words } = say.resources
  return html`${textField({
    ...typedField(say, state, 'name'),
    label: words.name,
    autocomplete: 'off',
    required: true,
    autofocus: state.refusal === undefined,
  })}
  ${
    isNew &&
    textField({
      ...typedField(say, state, 'uri'),
      label: words.uri,
      hint: words.uriHint,
      autocomplete: 'off',
      required: true,
    })
  }`
}

/** What kind of tokens there are, who checks them, and how long they live. */
function tokenFields(say: Texts, state: FormState): Html {
  const { form: words } = say.resources
  return html`${radioGroup({
    ...typedField(say, state, 'token_format'),
    label: words.format,
    options: TOKEN_FORMATS.map((value) => ({ value, ...words.formats[value] })),
    look: 'cards',
  })}
  ${textField({
    ...typedField(say, state, 'served_by'),
    label: words.servedBy,
    hint: words.servedByHint,
    autocomplete: 'off',
  })}
  ${lifetimeField(say, state)}`
}

/** What apps may ask for, and which of them may. */
function accessFields(say: Texts, state: FormState): Html {
  const { form: words } = say.resources
  return html`${longTextField({ ...typedField(say, state, 'scopes'), label: words.scopes, hint: words.scopesHint, rows: 3 })}
    ${radioGroup({
      ...typedField(say, state, 'allowed'),
      label: words.allowed,
      options: ALLOWED.map((value) => ({ value, label: words.allowedChoices[value] })),
      look: 'cards',
    })}
    <div class="only-some">
      ${longTextField({ ...typedField(say, state, 'apps'), label: words.apps, hint: words.appsHint, rows: 3 })}
    </div>`
}

/** What most APIs choose, in seconds. */
const LIFETIMES = [minutes(1), minutes(5), minutes(10), minutes(30), hours(1)].map((span) => span / 1000)

function lifetimeField(say: Texts, state: FormState): Html {
  const { form: words } = say.resources
  const chosen = Number(state.values['lifetime'])
  const offered =
    isPossibleLifetime('opaque', chosen) && !LIFETIMES.includes(chosen) ? [...LIFETIMES, chosen] : LIFETIMES
  return selectField({
    ...typedField(say, state, 'lifetime'),
    label: words.lifetime,
    options: [
      { value: '', label: words.lifetimeUsual },
      ...offered.map((one) => ({ value: String(one), label: spanInWords(say.language, seconds(one)) })),
    ],
  })
}

function linksOf({ resources: { form: words } }: Texts): Record<string, SummaryField> {
  return {
    name: { id: 'name', label: words.name },
    uri: { id: 'uri', label: words.uri },
    served_by: { id: 'served_by', label: words.servedBy },
    scopes: { id: 'scopes', label: words.scopes },
    apps: { id: 'apps', label: words.apps },
    lifetime: { id: 'lifetime', label: words.lifetime },
  }
}

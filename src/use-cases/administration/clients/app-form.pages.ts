// The form that registers an app, and the one that changes it.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { listAttributes } from '#domain/attributes/attribute.service.ts'
import type { Attribute } from '#domain/attributes/attribute.ts'
import { type Client, type ClientFields, NEW_CLIENT } from '#domain/clients/client.ts'
import { findGroupByName } from '#domain/groups/group.service.ts'
import type { With } from '#foundation/context.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { matchesForm } from '#foundation/kernel/optimistic-locking.ts'
import { type FieldError, Refusal } from '#foundation/kernel/refusal.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, submitButton } from '#foundation/web/components/button.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { SubmitDeduplicator } from '#foundation/web/http/submit-deduplicator.ts'
import {
  answerOf,
  EMPTY_FORM,
  type FormState,
  formSummary,
  type Outcome,
  refusedForm,
  type SummaryField,
  typedText,
} from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { appFields } from './app-fields.pages.ts'
import { appFieldNames, formPointer, readAppForm, valuesOfApp } from './app-form.ts'
import { namesOfSharedGroups } from './app-names.service.ts'
import { appPath, APPS_PATH, NEW_APP_PATH } from './app-path.ts'
import { ruleOf } from './app-rule.pages.ts'
import { showRegistered } from './app-secret-shown.pages.ts'
import { AppParameters, appTag } from './clients.schema.ts'
import { changeApp, createApp, type CreatedApp, readApp } from './clients.service.ts'

const config = { access: 'apps:write', authentication: 'recent', page: true, undocumented: true } as const
const navigation: NavigationEntry = { area: 'palette', order: 75, label: (say) => say.appForm.newTitle }
const schema = { params: AppParameters }

export function appFormPages(app: App): void {
  // A repeated submission would register a second app, and the answer with the first secret would be lost.
  const submissions = new SubmitDeduplicator<Outcome<CreatedApp>>(({ refusal }) => refusal === undefined)

  app.get(NEW_APP_PATH, { config: { ...config, navigation } }, async ({ ctx }, reply) =>
    showForm(reply, { state: EMPTY_FORM, attributes: await listAttributes(ctx) }),
  )

  app.post(NEW_APP_PATH, { config }, async (request, reply) => {
    const { body } = request
    const ctx = signedIn(request.ctx)
    const { wanted, attributes, values, fieldErrors } = await readForm(request)
    const refused = (why: Refusal | readonly FieldError[]) =>
      showForm(reply, { state: refusedForm(body, appFieldNames(keysOf(attributes)), why), attributes })
    if (fieldErrors.length > 0) return refused(fieldErrors)
    const submission = { browser: ctx.principal.session.id, body, typed: Object.values(values) }
    const work = () => answerOf(createApp(ctx, wanted))
    const { answer, refusal } = await submissions.answer(submission, ctx.now, work)
    return refusal ? refused(shownHere(refusal)) : showRegistered(reply, answer)
  })

  app.get(`${APPS_PATH}/:id/change`, { config, schema }, async ({ ctx, params }, reply) => {
    const { client } = await readApp(ctx, params.id)
    return showForm(reply, { state: EMPTY_FORM, attributes: await listAttributes(ctx), client })
  })

  app.post(`${APPS_PATH}/:id/change`, { config, schema }, (request, reply) => changeByForm(request, reply))
}

async function changeByForm(
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { ctx, params, body } = request
  const { wanted, attributes, values, fieldErrors } = await readForm(request)
  const refused = async (why: Refusal | readonly FieldError[]) => {
    const state = refusedForm(body, appFieldNames(keysOf(attributes)), why)
    return showForm(reply, { state, attributes, client: (await readApp(ctx, params.id)).client })
  }
  if (fieldErrors.length > 0) return refused(fieldErrors)
  const precondition = matchesForm(values['seen'] || undefined, appTag)
  const { refusal } = await answerOf(changeApp(ctx, params.id, wanted, precondition))
  if (refusal?.code === 'app.not_found') throw refusal
  return refusal ? refused(shownHere(refusal)) : redirectWithFlash(reply, appPath(params, '?done=saved'))
}

/** What a submitted form says, with the groups that it names. */
async function readForm({ ctx, body }: Pick<FastifyRequest, 'ctx' | 'body'>) {
  const attributes = await listAttributes(ctx)
  const keys = keysOf(attributes)
  const values = Object.fromEntries(appFieldNames(keys).map((field) => [field, typedText(body, field)]))
  const { fields, groups } = readAppForm(values, keys)
  const found = groups === 'all' ? [] : await Promise.all(groups.map((group) => findGroupByName(ctx, group)))
  const sharedGroups = groups === 'all' ? groups : found.flatMap((group) => group?.id ?? [])
  const fieldErrors = found.includes(undefined) ? [{ pointer: '/groups', code: 'group.unknown' }] : []
  return { wanted: { ...fields, sharedGroups }, attributes, values, fieldErrors }
}

function keysOf(attributes: readonly Attribute[]): readonly string[] {
  return attributes.map(({ key }) => key)
}

/** The same refusal with the names of the form's fields. */
function shownHere(refusal: Refusal): Refusal {
  const { fieldErrors } = refusal.facts
  if (fieldErrors === undefined) return refusal
  const renamed = fieldErrors.map((one) => ({ ...one, pointer: formPointer(one.pointer) }))
  return new Refusal(refusal.code, { ...refusal.facts, fieldErrors: renamed }, { cause: refusal })
}

interface Shown {
  readonly state: FormState
  readonly attributes: readonly Attribute[]
  /** The app that is changed; undefined for a new one. */
  readonly client?: Client
}

async function showForm(reply: FastifyReply, { state, attributes, client }: Shown): Promise<FastifyReply> {
  const { ctx } = reply.request
  const reader = adminReader(reply)
  const { say, config: settings, formToken } = reader
  const { apps, appForm: words } = say
  const stored = await storedValues(ctx, client ?? NEW_CLIENT)
  const shown = state === EMPTY_FORM ? { ...state, values: stored } : state
  // After a conflict the next submission is compared with the app as it is now, and may overwrite it.
  const seen = state.refusal?.code === 'resource.stale' ? undefined : state.values['seen']
  const rule = ruleOf(ctx, reader)
  const until = rule && html`<p class="hint">${client ? rule.most : rule.all}</p>`
  const label = client === undefined ? words.create : say.words.save
  return sendPage(reply, {
    title: [client === undefined ? words.newTitle : words.changeTitle(withoutTurns(client.name)), apps.title],
    heading: client && withNames(words.changeTitle, client.name),
    notice: formSummary(say, state, linksOf(say)),
    refusal: state.refusal,
    body: html`<p class="lead">${client === undefined ? words.newLead : words.changeLead}</p>
      <form
        class="section of-app"
        method="post"
        action="${client === undefined ? NEW_APP_PATH : appPath(client, '/change')}"
        autocomplete="off"
      >
        ${formToken} ${client && html`<input type="hidden" name="seen" value="${seen ?? appTag(client)}" />`}
        ${appFields(reader, { state: shown, attributes, isNew: client === undefined })} ${until}
        ${buttonRow(
          submitButton(rule && client === undefined ? rule.submit : label),
          linkButton(client === undefined ? APPS_PATH : appPath(client), say.words.cancel),
        )}
      </form>`,
    api: apiEquivalent(say, settings, {
      method: client === undefined ? 'POST' : 'PATCH',
      path: client === undefined ? '/apps' : `/apps/${client.id}`,
      body:
        client === undefined
          ? { name: 'Notes', kind: 'web', redirect_uris: ['https://notes.example.org/callback'] }
          : { redirect_uris: [...client.redirectUris] },
      needsSession: true,
    }),
  })
}

/** What the form of an app says before anything is typed; a group that is gone is left out. */
async function storedValues(ctx: With<'db'>, fields: ClientFields) {
  const names = await namesOfSharedGroups(ctx, fields)
  return valuesOfApp(
    fields,
    names.filter((name) => name !== undefined),
  )
}

/** The fields, with the labels by which the summary of errors names them. */
function linksOf({ appForm: words }: Texts): Record<string, SummaryField> {
  return {
    name: { id: 'name', label: words.name },
    kind: { id: 'kind', label: words.kind },
    redirect_uris: { id: 'redirect_uris', label: words.redirectUris },
    logout_uris: { id: 'logout_uris', label: words.logoutUris },
    offline_access: { id: 'offline_access', label: words.offline },
    groups: { id: 'groups', label: words.groups },
    attributes: { id: 'attributes', label: words.attributes },
    no_pkce: { id: 'no_pkce', label: words.noPkce },
  }
}

// The form that registers an app, and the one that changes it.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { listAttributes } from '#domain/attributes/attribute.service.ts'
import type { Attribute } from '#domain/attributes/attribute.ts'
import { isStricter, OPEN_ACCESS } from '#domain/clients/app-access.ts'
import {
  fieldErrorsInClient,
  MOST_ALLOWED,
  MOST_SHARED_GROUPS,
  normalizedClient,
} from '#domain/clients/client-fields.ts'
import { type Client, type ClientFields, NEW_CLIENT } from '#domain/clients/client.ts'
import { findPreset } from '#domain/clients/preset.service.ts'
import { fieldErrorsInProgramUrl, fieldsWithUrl, needsUrl, type Preset, programUrl } from '#domain/clients/preset.ts'
import type { Group } from '#domain/groups/group.ts'
import { listStoredRoles } from '#domain/roles/role.service.ts'
import type { With } from '#foundation/context.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { matchesForm } from '#foundation/kernel/optimistic-locking.ts'
import { BUILT_IN_ROLES } from '#foundation/kernel/principal.ts'
import type { FieldError, Refusal } from '#foundation/kernel/refusal.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { PICK_MODULE } from '#foundation/web/components/choice.ts'
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
  queryText,
  refusedForm,
  type SummaryField,
  typedText,
  seenField,
  withFormPointers,
} from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { withChosenGroups } from '../groups/groups-field.pages.ts'
import { offeredGroups, type OfferedGroups } from '../groups/offered-groups.service.ts'
import { askAboutAccess } from './app-access-check.pages.ts'
import { appFields } from './app-fields.pages.ts'
import { appFieldNames, type AppValues, formPointer, type Offered, readAppForm, valuesOfApp } from './app-form.ts'
import { groupsOfNames, namesOfGroups } from './app-names.service.ts'
import { appPath, APPS_PATH, NEW_APP_PATH, WITHOUT_PRESET } from './app-path.ts'
import type { AppFields } from './app-request.ts'
import { ruleOf } from './app-rule.pages.ts'
import { showRegistered } from './app-secret-shown.pages.ts'
import { AppParameters, appTag } from './clients.schema.ts'
import { changeApp, createApp, type CreatedApp, readApp } from './clients.service.ts'
import { newBody, newFields, newLead, newTitle } from './preset-form.pages.ts'
import { showPresets } from './presets.pages.ts'

const config = { access: 'apps:write', authentication: 'recent', page: true, undocumented: true } as const
const navigation: NavigationEntry = { area: 'palette', order: 75, label: (say) => say.appForm.newTitle }
const schema = { params: AppParameters }

export function appFormPages(app: App): void {
  // A repeated submission would register a second app, and the answer with the first secret would be lost.
  const submissions = new SubmitDeduplicator<Outcome<CreatedApp>>(({ refusal }) => refusal === undefined)

  app.get(NEW_APP_PATH, { config: { ...config, navigation } }, async ({ ctx, query }, reply) => {
    const chosen = queryText(query, 'preset')
    const preset = await findPreset(chosen)
    if (preset === undefined && chosen !== WITHOUT_PRESET) return showPresets(reply)
    return showForm(reply, { state: EMPTY_FORM, offer: await offerOf(ctx), preset })
  })

  app.post(NEW_APP_PATH, { config }, async (request, reply) => {
    const { body } = request
    const ctx = signedIn(request.ctx)
    const { wanted, offer, values, fieldErrors, preset, refused: again } = await readForm(request)
    const refused = (why: Refusal | readonly FieldError[]) => showForm(reply, { state: again(why), offer, preset })
    if (fieldErrors.length > 0) return refused(fieldErrors)
    const showStep = stepBefore(reply, { wanted, values, offer, preset })
    if (showStep) return showStep()
    const submission = { browser: ctx.principal.session.id, body, typed: Object.values(values) }
    const work = () => answerOf(createApp(ctx, wanted))
    const { answer, refusal } = await submissions.answer(submission, ctx.now, work)
    return refusal ? refused(withFormPointers(refusal, formPointer)) : showRegistered(reply, answer, preset)
  })

  app.get(`${APPS_PATH}/:id/change`, { config, schema }, async ({ ctx, params }, reply) => {
    const { client } = await readApp(ctx, params.id)
    return showForm(reply, { state: EMPTY_FORM, offer: await offerOf(ctx), client })
  })

  app.post(`${APPS_PATH}/:id/change`, { config, schema }, (request, reply) => changeByForm(request, reply))
}

async function changeByForm(
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { ctx, params } = request
  const { wanted, offer, values, fieldErrors, refused: again } = await readForm(request)
  const refused = async (why: Refusal | readonly FieldError[]) =>
    showForm(reply, { state: again(why), offer, client: (await readApp(ctx, params.id)).client })
  if (fieldErrors.length > 0) return refused(fieldErrors)
  const { client } = await readApp(ctx, params.id)
  const showStep = stepBefore(reply, { wanted, values, offer, client })
  if (showStep) return showStep()
  const precondition = matchesForm(values['seen'] || undefined, appTag)
  const { refusal } = await answerOf(changeApp(ctx, params.id, wanted, precondition))
  if (refusal?.code === 'app.not_found') throw refusal
  return refusal
    ? refused(withFormPointers(refusal, formPointer))
    : redirectWithFlash(reply, appPath(params, '?done=saved'))
}

interface Submitted {
  readonly wanted: Omit<AppFields, 'preset'>
  readonly values: AppValues
  readonly offer: Offer
  /** The app that is changed; undefined for a new one. */
  readonly client?: Client
  readonly preset?: Preset | undefined
}

/**
 * Returns what shows the page before the app is saved: who may lose it, or the form again for an admin who came back from there. Undefined where
 * nothing is to be asked any more, and where the form has errors, which saving finds.
 */
function stepBefore(reply: FastifyReply, submitted: Submitted): (() => Promise<FastifyReply>) | undefined {
  const { wanted, values, offer, client, preset } = submitted
  const { body } = reply.request
  if (typedText(body, 'back') === 'yes')
    return () =>
      showForm(reply, { state: { ...EMPTY_FORM, values }, offer, preset, isOpen: true, ...(client && { client }) })
  if (typedText(body, 'confirmed') === 'yes' || !isStricter(client ?? OPEN_ACCESS, wanted)) return undefined
  const fields = normalizedClient({ ...NEW_CLIENT, ...wanted, attributes: [] })
  return fieldErrorsInClient(fields).length > 0 ? undefined : () => askToRestrict(reply, submitted)
}

async function askToRestrict(reply: FastifyReply, { wanted, values, client }: Submitted): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const { check } = reader.say.appAccess
  const rule = ruleOf(reply.request.ctx, reader)
  const ofNew = rule ? check.questionNewOfTwo : check.questionNew
  const ofChange = rule ? check.questionOfTwo : check.question
  return askAboutAccess(reply, {
    title: check.title,
    question: client === undefined ? ofNew : ofChange,
    name: client?.name ?? wanted.name,
    before: client,
    after: wanted,
    action: client === undefined ? NEW_APP_PATH : appPath(client, '/change'),
    values: { ...values, confirmed: 'yes' },
    submit:
      client === undefined
        ? { anyway: check.create, safely: check.createSafely }
        : { anyway: check.save, safely: check.saveSafely },
    back: html`<button class="button" type="submit" name="back" value="yes">${check.back}</button>`,
    rule,
  })
}

interface Offer {
  readonly attributes: readonly Attribute[]
  readonly roles: readonly string[]
  readonly groups: OfferedGroups
}

async function offerOf(ctx: With<'db' | 'principal'>): Promise<Offer> {
  const stored = await listStoredRoles(ctx)
  return {
    attributes: await listAttributes(ctx),
    roles: [...BUILT_IN_ROLES, ...stored.map(({ name }) => name)],
    groups: await offeredGroups(ctx),
  }
}

function namesIn({ attributes, roles }: Offer): Offered {
  return { keys: attributes.map(({ key }) => key), roles }
}

/** What a submitted form says, with the groups that it names. */
async function readForm({ ctx, body: sent }: Pick<FastifyRequest, 'ctx' | 'body'>) {
  const body = ['groups', 'allowed_groups'].reduce(withChosenGroups, sent)
  const offer = await offerOf(ctx)
  const names = appFieldNames(namesIn(offer))
  const values = Object.fromEntries(names.map((field) => [field, typedText(body, field)]))
  const preset = await findPreset(values['preset'])
  const { fields: typed, groups, allowedGroups } = readAppForm(values, namesIn(offer))
  const url = programUrl(values['url'] ?? '')
  const startUrl = typed.startUrl ?? (url.startsWith('https:') ? url : null)
  const fields = preset === undefined ? typed : { ...fieldsWithUrl(typed, url), startUrl, preset: preset.name }
  const shared = groups === 'all' ? groups : await groupsOfNames(ctx, groups, MOST_SHARED_GROUPS)
  const allowed = await groupsOfNames(ctx, allowedGroups, MOST_ALLOWED)
  const unknown = (pointer: string, found: typeof shared): FieldError[] =>
    found !== 'all' && found.includes(undefined) ? [{ pointer, code: 'group.unknown' }] : []
  return {
    wanted: { ...fields, sharedGroups: shared === 'all' ? shared : idsOf(shared), allowedGroups: idsOf(allowed) },
    offer,
    values,
    preset,
    fieldErrors: [
      ...(preset && needsUrl(preset) ? fieldErrorsInProgramUrl(url, typed.allowHttp) : []),
      ...unknown('/groups', shared),
      ...unknown('/allowed_groups', allowed),
    ],
    /** What is kept when the form is shown again. */
    refused: (why: Refusal | readonly FieldError[]) => refusedForm(body, names, why),
  }
}

function idsOf(groups: readonly (Group | undefined)[]): string[] {
  return groups.flatMap((group) => group?.id ?? [])
}

interface Shown {
  readonly state: FormState
  readonly offer: Offer
  /** The app that is changed; undefined for a new one. */
  readonly client?: Client
  /** By which a new one is registered. */
  readonly preset?: Preset | undefined
  /** Whether the fields that most apps do not need are shown at once. */
  readonly isOpen?: boolean
}

async function showForm(
  reply: FastifyReply,
  { state, offer, client, preset, isOpen = false }: Shown,
): Promise<FastifyReply> {
  const { ctx } = reply.request
  const reader = adminReader(reply)
  const { say, config: settings, formToken } = reader
  const { apps, appForm: words } = say
  const stored = await storedValues(ctx, client ?? newFields(preset))
  const shown = state === EMPTY_FORM ? { ...state, values: stored } : state
  const rule = ruleOf(ctx, reader)
  const until = rule && html`<p class="hint">${client ? rule.most : rule.all}</p>`
  const label = client === undefined ? words.create : say.words.save
  return sendPage(reply, {
    title: [client === undefined ? newTitle(reader, preset) : words.changeTitle(withoutTurns(client.name)), apps.title],
    heading: client && withNames(words.changeTitle, client.name),
    notice: formSummary(say, state, linksOf(say)),
    refusal: state.refusal,
    modules: [PICK_MODULE],
    body: html`${client === undefined ? newLead(reader, preset) : html`<p class="lead">${words.changeLead}</p>`}
      <form
        class="section of-app"
        method="post"
        action="${client === undefined ? NEW_APP_PATH : appPath(client, '/change')}"
        autocomplete="off"
      >
        ${formToken} ${preset && html`<input type="hidden" name="preset" value="${preset.name}" />`}
        ${client && seenField(state, appTag(client))}
        ${appFields(reader, { state: shown, ...offer, isNew: client === undefined, preset, isOpen })} ${until}
        ${buttonRow(
          submitButton(rule && client === undefined ? rule.submit : label),
          linkButton(client === undefined ? NEW_APP_PATH : appPath(client), say.words.cancel),
        )}
      </form>`,
    api: apiEquivalent(say, settings, {
      method: client === undefined ? 'POST' : 'PATCH',
      path: client === undefined ? '/apps' : `/apps/${client.id}`,
      body: client === undefined ? newBody(preset) : { redirect_uris: [...client.redirectUris] },
      needsSession: true,
    }),
  })
}

/** What the form of an app says before anything is typed; a group that is gone is left out. */
async function storedValues(ctx: With<'db'>, fields: ClientFields) {
  const { sharedGroups, allowedGroups } = fields
  const known = async (ids: readonly string[] | 'all') =>
    (await namesOfGroups(ctx, ids)).filter((name) => name !== undefined)
  return valuesOfApp(fields, { groupNames: await known(sharedGroups), allowedNames: await known(allowedGroups) })
}

function linksOf({ appForm: words, appPresets }: Texts): Record<string, SummaryField> {
  return {
    name: { id: 'name', label: words.name },
    url: { id: 'url', label: appPresets.url },
    kind: { id: 'kind', label: words.kind },
    redirect_uris: { id: 'redirect_uris', label: words.redirectUris },
    logout_uris: { id: 'logout_uris', label: words.logoutUris },
    backchannel_uri: { id: 'backchannel_uri', label: words.backchannelUri },
    offline_access: { id: 'offline_access', label: words.offline },
    groups: { id: 'groups', label: words.groups },
    attributes: { id: 'attributes', label: words.attributes },
    no_pkce: { id: 'no_pkce', label: words.noPkce },
    allowed_groups: { id: 'allowed_groups', label: words.allowedGroups },
    max_age: { id: 'max_age', label: words.maxAge },
    start_url: { id: 'start_url', label: words.startUrl },
  }
}

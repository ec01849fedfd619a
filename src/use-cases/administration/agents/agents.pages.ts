// The page of agents: the switch, the documents that are allowed, and the agents that were used.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { hostOfDocument } from '#domain/agents/allowed-documents.ts'
import { twoPersonRule } from '#domain/policies/policy.service.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { matchesForm } from '#foundation/kernel/optimistic-locking.ts'
import type { FieldError, Refusal } from '#foundation/kernel/refusal.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, quietButton, submitButton } from '#foundation/web/components/button.ts'
import { radioGroup } from '#foundation/web/components/choice.ts'
import { longTextField } from '#foundation/web/components/field.ts'
import { withIcon } from '#foundation/web/components/icon.ts'
import { exactEnd, momentOrNever } from '#foundation/web/components/moments.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { name as isolated, withNames } from '#foundation/web/components/person-name.ts'
import { type ListRow, rowList, section } from '#foundation/web/components/section.ts'
import { chip } from '#foundation/web/components/status.ts'
import { BLANK, dataTable, screenReaderColumn } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import {
  answerOf,
  EMPTY_FORM,
  type FormState,
  formSummary,
  refusedForm,
  typedField,
  typedText,
  seenField,
} from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { appIcon } from '#use-cases/page-sections/app-icon.pages.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { AGENTS_PATH } from '../clients/app-path.ts'
import { tabsOfApps } from '../clients/app-tabs.pages.ts'
import { agentsTag } from './agents.schema.ts'
import { type Agents, changeAgents, endAgentSignIns, type ListedAgent, readAgents } from './agents.service.ts'

const config = { access: 'apps:write', page: true, undocumented: true } as const
const navigation = (label: NavigationEntry['label']): NavigationEntry => ({ area: 'palette', order: 77, label })
const changing = { ...config, authentication: 'recent' } as const
const CHANGE = `${AGENTS_PATH}/change`
const END = `${AGENTS_PATH}/end-sign-ins`
const FIELDS = ['enabled', 'allowed_documents', 'seen'] as const

export function agentsPages(app: App): void {
  const shown = { ...config, navigation: navigation((say) => say.agents.title) }
  app.get(AGENTS_PATH, { config: shown }, (_request, reply) => showAgents(reply))

  const form = { ...changing, navigation: navigation((say) => say.agents.changeTitle) }
  app.get(CHANGE, { config: form }, (_request, reply) => showForm(reply, EMPTY_FORM))

  app.post(CHANGE, { config: changing }, changeByForm)

  app.post(END, { config: changing }, async ({ ctx, body }, reply) => {
    await endAgentSignIns(ctx, typedText(body, 'id'))
    return redirectWithFlash(reply, `${AGENTS_PATH}?done=ended`)
  })
}

async function changeByForm({ ctx, body }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const seen = typedText(body, 'seen') || undefined
  const wanted = {
    enabled: typedText(body, 'enabled') === 'on',
    allowedDocuments: typedText(body, 'allowed_documents').split(/\s+/),
  }
  const { refusal } = await answerOf(changeAgents(ctx, wanted, matchesForm(seen, agentsTag)))
  if (refusal) return showForm(reply, refusedForm(body, FIELDS, refusal satisfies Refusal | readonly FieldError[]))
  return redirectWithFlash(reply, `${AGENTS_PATH}?done=saved`)
}

async function showAgents(reply: FastifyReply): Promise<FastifyReply> {
  const { ctx } = reply.request
  const reader = adminReader(reply)
  const { say } = reader
  const { agents: words } = say
  const found = await readAgents(ctx)
  return sendPage(reply, {
    title: [words.title, say.apps.title],
    done: flashSentence(words.done, readFlash(reply)),
    tabs: tabsOfApps(say),
    body: html`<p class="lead">${words.lead}</p>
      ${whoMayCome(reader, found)} ${whoHasCome(reader, found)}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: '/agents' }),
  })
}

function whoMayCome({ say: { agents: words } }: AdminReader, { setting }: Agents): Html {
  const { enabled, allowedDocuments } = setting
  return section({
    id: 'allowed',
    title: words.allowed,
    lead: html`${enabled ? chip('ok', words.states.on) : chip('plain', words.states.off)}
    ${enabled ? words.on : words.off}`,
    action: linkButton(CHANGE, words.change),
    body:
      allowedDocuments.length === 0
        ? html`<p>${words.noDocuments}</p>`
        : rowList(allowedDocuments.map(documentRow), 'tight'),
  })
}

/** A listed document, or a host with all of its documents. */
function documentRow(entry: string): ListRow {
  const host = hostOfDocument(entry)
  return { name: withIcon('policy', host), ...(host !== entry && { detail: html`<code>${entry}</code>` }) }
}

function whoHasCome(reader: AdminReader, { agents }: Agents): Html {
  const { agents: words } = reader.say
  const { name, host, signIns, lastUsed, act } = words.columns
  return section({
    id: 'come',
    title: words.come,
    body: dataTable({
      caption: words.come,
      kind: 'compact catalogue',
      columns: [...[name, host, signIns, lastUsed].map((label) => ({ label })), screenReaderColumn(act)],
      rows: agents.map((agent) => ({ cells: cellsOf(reader, agent) })),
      empty: html`<p>${words.none}</p>`,
    }),
  })
}

function cellsOf(reader: AdminReader, { client, use, isAllowed }: ListedAgent): (Html | string)[] {
  const { agents: words, language } = reader.say
  return [
    html`<div class="who-line">
      ${appIcon({ ...client, icon: undefined }, 'small')}
      <span class="one-line" title="${withoutTurns(client.name)}">${isolated(client.name)}</span>
      ${!isAllowed && chip('plain', words.notAllowed)}
    </div>`,
    html`<span class="one-line" title="${client.id}">${hostOfDocument(client.id)}</span>`,
    use.living === 0 ? BLANK : use.living.toLocaleString(language),
    momentOrNever(reader, use.lastUsedAt),
    use.living === 0
      ? ''
      : html`<form method="post" action="${END}">
          ${reader.formToken}
          <input type="hidden" name="id" value="${client.id}" />
          ${quietButton(
            html`<span aria-hidden="true">${words.end}</span
              ><span class="unseen">${withNames(words.endOf, client.name)}</span>`,
          )}
        </form>`,
  ]
}

async function showForm(reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const { ctx } = reply.request
  const reader = adminReader(reply)
  const { say, formToken } = reader
  const { agents: words } = say
  const { setting } = await readAgents(ctx)
  const { enabled, allowedDocuments } = setting
  const stored = { enabled: enabled ? 'on' : 'off', allowed_documents: allowedDocuments.join('\n') }
  const shown = state === EMPTY_FORM ? { ...state, values: stored } : state
  const { isOn, wait } = twoPersonRule(ctx)
  return sendPage(reply, {
    title: [words.changeTitle, words.title],
    notice: formSummary(say, state, { allowed_documents: { id: 'allowed_documents', label: words.documents } }),
    refusal: state.refusal,
    body: html`<p class="lead">${words.changeLead}</p>
      <form class="section" method="post" action="${CHANGE}" autocomplete="off">
        ${formToken} ${seenField(state, agentsTag(setting))}
        ${radioGroup({
          ...typedField(say, shown, 'enabled'),
          label: words.question,
          options: (['off', 'on'] as const).map((value) => ({ value, ...words.choices[value] })),
          look: 'cards',
        })}
        ${longTextField({
          ...typedField(say, shown, 'allowed_documents'),
          label: words.documents,
          hint: words.documentsHint,
          rows: 5,
        })}
        ${isOn && html`<p class="hint">${words.rule(exactEnd(reader, ctx.now + wait))}</p>`}
        ${buttonRow(submitButton(say.words.save), linkButton(AGENTS_PATH, say.words.cancel))}
      </form>`,
    api: apiEquivalent(say, ctx.config, {
      method: 'PATCH',
      path: '/agents',
      body: { enabled: true, allowed_documents: [...allowedDocuments] },
      needsSession: true,
    }),
  })
}

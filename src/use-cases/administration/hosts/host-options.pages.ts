// The form with what a protected host does besides its rules, and the page that removes it.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { MOST_SHARED_GROUPS } from '#domain/hosts/host-fields.ts'
import { matchesForm } from '#foundation/kernel/optimistic-locking.ts'
import type { FieldError, Refusal } from '#foundation/kernel/refusal.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, confirmDangerButton, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { checkbox, PICK_MODULE } from '#foundation/web/components/choice.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { lineList, panel } from '#foundation/web/components/section.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import {
  answerOf,
  EMPTY_FORM,
  type FormState,
  formSummary,
  refusedForm,
  seenField,
  typedText,
  unlessGone,
} from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { groupsOfNames } from '../clients/app-names.service.ts'
import { chosenGroups, groupsField, namesOfGroupsField, withChosenGroups } from '../groups/groups-field.pages.ts'
import { offeredGroups } from '../groups/offered-groups.service.ts'
import { hostPath, HOSTS_PATH } from './host-path.ts'
import { takesEffect } from './host-rule-notice.pages.ts'
import { HostParameters, hostTag } from './hosts.schema.ts'
import { changeHost, type NamedHost, readHostByName, readNamedHost, removeHost } from './hosts.service.ts'

const config = { access: 'apps:write', authentication: 'recent', page: true, undocumented: true } as const
const schema = { params: HostParameters }

type OfHost = FastifyRequest<{ Params: { name: string } }>

export function hostOptionsPages(app: App): void {
  const change = `${HOSTS_PATH}/:name/change`
  app.get(change, { config, schema }, async ({ ctx, params }, reply) =>
    showForm(reply, await readNamedHost(ctx, params.name), EMPTY_FORM),
  )
  app.post(change, { config, schema }, changeByForm)

  app.get(`${HOSTS_PATH}/:name/delete`, { config, schema }, askToDelete)
  app.post(`${HOSTS_PATH}/:name/delete`, { config, schema }, async ({ ctx, params }, reply) => {
    // A repeated submission finds the host removed, which is a success.
    await unlessGone('host.not_found', removeHost(ctx, params.name))
    return redirectWithFlash(reply, `${HOSTS_PATH}?done=deleted`)
  })
}

async function changeByForm({ ctx, params, body }: OfHost, reply: FastifyReply): Promise<FastifyReply> {
  const found = await readNamedHost(ctx, params.name)
  const offered = await offeredGroups(ctx)
  const refused = (why: Refusal | readonly FieldError[]) => {
    const kept = ['seen', 'api_tokens', 'preflights', ...namesOfGroupsField('shared_groups', offered)]
    return showForm(reply, found, refusedForm(withChosenGroups(body, 'shared_groups'), kept, why))
  }
  const shared = await groupsOfNames(ctx, chosenGroups(body, 'shared_groups'), MOST_SHARED_GROUPS)
  if (shared.includes(undefined)) return refused([{ pointer: '/shared_groups', code: 'group.unknown' }])
  const wanted = {
    sharedGroups: shared.flatMap((group) => group?.id ?? []),
    apiTokens: typedText(body, 'api_tokens') === 'yes',
    preflights: typedText(body, 'preflights') === 'yes',
  }
  const seen = typedText(body, 'seen') || undefined
  const { refusal } = await answerOf(changeHost(ctx, params.name, wanted, matchesForm(seen, hostTag)))
  if (refusal?.code === 'host.not_found') throw refusal
  return refusal ? refused(refusal) : redirectWithFlash(reply, hostPath(found.host, '?done=saved'))
}

async function showForm(reply: FastifyReply, { host, groups }: NamedHost, state: FormState): Promise<FastifyReply> {
  const { ctx } = reply.request
  const reader = adminReader(reply)
  const { say, config: settings, formToken } = reader
  const { options, title } = say.hosts
  const { form: words } = options
  const stored = {
    ...(host.apiTokens && { api_tokens: 'yes' }),
    ...(host.preflights && { preflights: 'yes' }),
    shared_groups: host.sharedGroups.flatMap((id) => groups.get(id) ?? []).join('; '),
  }
  const shown = state === EMPTY_FORM ? { ...state, values: stored } : state
  const box = (id: 'api_tokens' | 'preflights', label: string, hint: string) =>
    checkbox({ id, label, hint, checked: shown.values[id] === 'yes' })
  return sendPage(reply, {
    title: [options.title, host.name, title],
    up: { href: hostPath(host), label: host.name },
    notice: formSummary(say, state, { shared_groups: { id: 'shared_groups', label: words.shared } }),
    refusal: state.refusal,
    modules: [PICK_MODULE],
    body: html`<form class="section of-app" method="post" action="${hostPath(host, '/change')}" autocomplete="off">
      ${formToken} ${seenField(state, hostTag(host))} ${box('api_tokens', words.tokens, words.tokensHint)}
      ${box('preflights', words.preflights, words.preflightsHint)}
      ${groupsField(say, shown, {
        id: 'shared_groups',
        label: words.shared,
        hint: words.sharedHint,
        offered: await offeredGroups(ctx),
      })}
      ${takesEffect(ctx, reader, false)}
      ${buttonRow(submitButton(say.words.save), linkButton(hostPath(host), say.words.cancel))}
    </form>`,
    api: apiEquivalent(say, settings, {
      method: 'PATCH',
      path: `/hosts/${host.name}`,
      body: { api_tokens: true },
      needsSession: true,
    }),
  })
}

async function askToDelete({ ctx, params }: OfHost, reply: FastifyReply): Promise<FastifyReply> {
  const host = await readHostByName(ctx, params.name)
  const { say, config: settings, formToken } = adminReader(reply)
  const { deletion: words, title } = say.hosts
  return sendPage(reply, {
    title: [words.title, host.name, title],
    heading: withNames(words.question, host.name),
    body: panel(
      html`${lineList(words.consequences)}
        <form method="post" action="${hostPath(host, '/delete')}">
          ${formToken} ${buttonRow(confirmDangerButton(words.submit), linkButton(hostPath(host), say.words.cancel))}
        </form>`,
    ),
    api: apiEquivalent(say, settings, { method: 'DELETE', path: `/hosts/${host.name}`, needsSession: true }),
  })
}

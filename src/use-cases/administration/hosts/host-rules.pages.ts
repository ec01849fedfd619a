// The pages that add, change, move and remove a rule of a protected host.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { type HostRule, type ProtectedHost, SIGNED_IN_RULE } from '#domain/hosts/host.ts'
import { matchesForm } from '#foundation/kernel/optimistic-locking.ts'
import type { FieldError, Refusal } from '#foundation/kernel/refusal.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, confirmDangerButton, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { PICK_MODULE } from '#foundation/web/components/choice.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { panel, partedForm } from '#foundation/web/components/section.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import {
  answerOf,
  EMPTY_FORM,
  type FormState,
  formSummary,
  queryText,
  refusedForm,
  seenField,
  typedText,
  withFormPointers,
} from '#foundation/web/pages/form.ts'
import { redirectWithFlash, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { withChosenGroups } from '../groups/groups-field.pages.ts'
import { hostPath, HOSTS_PATH } from './host-path.ts'
import { withGroupNames } from './host-request.ts'
import { takesEffect } from './host-rule-notice.pages.ts'
import { HostParameters, hostTag, presentRule } from './hosts.schema.ts'
import { changeHost, type NamedHost, readNamedHost } from './hosts.service.ts'
import {
  linksOfRule,
  readRule,
  ruleFieldNames,
  type RuleOffer,
  ruleOffer,
  ruleParts,
  rulePointer,
  valuesOfRule,
} from './rule-form.pages.ts'
import { ruleInWords } from './rule-words.pages.ts'

const config = { access: 'apps:write', authentication: 'recent', page: true, undocumented: true } as const
const RULES = `${HOSTS_PATH}/:name/rules`
/** Kept as text, so that a malformed position leads back like one that is gone. */
const RuleParameters = Type.Object({ ...HostParameters.properties, rule: Type.String({ maxLength: 16 }) })

type OfHost = FastifyRequest<{ Params: { name: string } }>
type OfRule = FastifyRequest<{ Params: { name: string; rule: string } }>

export function hostRulesPages(app: App): void {
  const ofHost = { config, schema: { params: HostParameters } } as const
  app.get(`${RULES}/new`, ofHost, async ({ ctx, params, query }, reply) => {
    const found = await readNamedHost(ctx, params.name)
    const at = positionIn(found.host, queryText(query, 'at'))
    return showForm(reply, { found, at, isNew: true, offer: await ruleOffer(ctx), state: EMPTY_FORM })
  })
  app.post(`${RULES}/new`, ofHost, addByForm)

  const ofRule = { config, schema: { params: RuleParameters } } as const
  app.get(`${RULES}/:rule`, ofRule, async ({ ctx, params }, reply) => {
    const found = await readNamedHost(ctx, params.name)
    const at = indexIn(found.host, params.rule)
    if (at === undefined) return seeOther(reply, hostPath(params))
    return showForm(reply, { found, at, isNew: false, offer: await ruleOffer(ctx), state: EMPTY_FORM })
  })
  app.post(`${RULES}/:rule`, ofRule, changeByForm)

  app.post(`${RULES}/:rule/move`, ofRule, async (request, reply) => {
    const by = typedText(request.body, 'direction') === 'up' ? -1 : 1
    return edit(request, reply, 'rule-moved', (rules, at) => moved(rules, at, at + by))
  })

  app.get(`${RULES}/:rule/remove`, ofRule, askToRemove)
  app.post(`${RULES}/:rule/remove`, ofRule, (request, reply) =>
    edit(request, reply, 'rule-removed', (rules, at) => rules.toSpliced(at, 1)),
  )
}

/** The index of a rule by its position from 1 on; undefined if there is none. */
function indexIn({ rules }: ProtectedHost, position: string): number | undefined {
  const index = rules.findIndex((_, at) => String(at + 1) === position)
  return index === -1 ? undefined : index
}

/** Where a new rule goes; at the end if nothing else is said. */
function positionIn({ rules }: ProtectedHost, position = ''): number {
  const at = rules.findIndex((_, index) => String(index + 1) === position)
  return at === -1 ? rules.length : at
}

/** The rules with one at another index; as they are if there is no such index. */
function moved(rules: readonly HostRule[], from: number, to: number): readonly HostRule[] {
  const rule = rules[from]
  return rule === undefined || to < 0 || to >= rules.length ? rules : rules.toSpliced(from, 1).toSpliced(to, 0, rule)
}

/** Changes the rules by a form without fields, on the state that it was shown on: positions may be those of other rules by now. */
async function edit(
  { ctx, params, body }: OfRule,
  reply: FastifyReply,
  done: string,
  change: (rules: readonly HostRule[], at: number) => readonly HostRule[],
): Promise<FastifyReply> {
  const { host } = await readNamedHost(ctx, params.name)
  const at = indexIn(host, params.rule)
  if (at === undefined) return seeOther(reply, hostPath(host))
  const seen = typedText(body, 'seen') || hostTag(host)
  await changeHost(ctx, host.name, { rules: change(host.rules, at) }, matchesForm(seen, hostTag))
  return redirectWithFlash(reply, hostPath(host, `?done=${done}#rules`))
}

async function addByForm(request: OfHost, reply: FastifyReply): Promise<FastifyReply> {
  const found = await readNamedHost(request.ctx, request.params.name)
  return saveRule(request, reply, { found, at: positionIn(found.host, typedText(request.body, 'at')), isNew: true })
}

async function changeByForm(request: OfRule, reply: FastifyReply): Promise<FastifyReply> {
  const found = await readNamedHost(request.ctx, request.params.name)
  const at = indexIn(found.host, request.params.rule)
  return at === undefined
    ? seeOther(reply, hostPath(found.host))
    : saveRule(request, reply, { found, at, isNew: false })
}

interface EditedRule {
  readonly found: NamedHost
  /** Its index, or the one that a new rule gets. */
  readonly at: number
  readonly isNew: boolean
}

async function saveRule(
  request: Pick<FastifyRequest, 'ctx' | 'body'>,
  reply: FastifyReply,
  edited: EditedRule,
): Promise<FastifyReply> {
  const { ctx, body } = request
  const { found, at, isNew } = edited
  const { host } = found
  const offer = await ruleOffer(ctx)
  const { rule, fieldErrors } = await readRule(request, offer)
  const refused = (why: Refusal | readonly FieldError[]) => {
    const state = refusedForm(withChosenGroups(body, 'groups'), ['seen', ...ruleFieldNames(offer)], why)
    return showForm(reply, { ...edited, offer, state })
  }
  if (fieldErrors.length > 0) return refused(fieldErrors)
  const rules = host.rules.toSpliced(at, isNew ? 0 : 1, rule)
  const seen = typedText(body, 'seen') || hostTag(host)
  const { refusal } = await answerOf(changeHost(ctx, host.name, { rules }, matchesForm(seen, hostTag)))
  return refusal
    ? refused(withFormPointers(refusal, rulePointer(rule.who)))
    : redirectWithFlash(reply, hostPath(host, `?done=${isNew ? 'rule-added' : 'rule-saved'}#rules`))
}

interface ShownForm extends EditedRule {
  readonly offer: RuleOffer
  readonly state: FormState
}

function showForm(reply: FastifyReply, { found, at, isNew, offer, state }: ShownForm): FastifyReply {
  const reader = adminReader(reply)
  const { say, config: settings, formToken } = reader
  const { hosts } = say
  const { ruleForm: words } = hosts
  const { host, groups } = found
  const stored = valuesOfRule((isNew ? undefined : host.rules[at]) ?? SIGNED_IN_RULE, groups)
  const shown = state === EMPTY_FORM ? { ...state, values: stored } : state
  const title = isNew ? words.newTitle : words.changeTitle(at + 1)
  return sendPage(reply, {
    title: [title, host.name, hosts.title],
    up: { href: hostPath(host, '#rules'), label: host.name },
    notice: formSummary(say, state, linksOfRule(say)),
    refusal: state.refusal,
    modules: [PICK_MODULE],
    body: html`<p class="lead">${withNames(words.lead, host.name)}</p>
      <form method="post" action="${hostPath(host, `/rules/${isNew ? 'new' : at + 1}`)}" autocomplete="off">
        ${formToken} ${seenField(state, hostTag(host))}
        ${isNew && html`<input type="hidden" name="at" value="${at + 1}" />`}
        ${partedForm(
          ruleParts(say, shown, offer),
          html`${takesEffect(reply.request.ctx, reader, false)}
          ${buttonRow(
            submitButton(isNew ? words.add : words.save),
            linkButton(hostPath(host, '#rules'), say.words.cancel),
          )}`,
        )}
      </form>`,
    api: apiEquivalent(say, settings, {
      method: 'PATCH',
      path: `/hosts/${host.name}`,
      body: { rules: [...host.rules, ...(isNew ? [SIGNED_IN_RULE] : [])].map(presentRule) },
      needsSession: true,
    }),
  })
}

async function askToRemove({ ctx, params }: OfRule, reply: FastifyReply): Promise<FastifyReply> {
  const { host, groups } = await readNamedHost(ctx, params.name)
  const at = indexIn(host, params.rule)
  const rule = at === undefined ? undefined : host.rules[at]
  if (at === undefined || rule === undefined) return seeOther(reply, hostPath(host))
  const reader = adminReader(reply)
  const { say, formToken } = reader
  const { removal: words, title } = say.hosts
  return sendPage(reply, {
    title: [words.title, host.name, title],
    heading: withNames((name) => words.question(at + 1, name), host.name),
    up: { href: hostPath(host, '#rules'), label: host.name },
    body: panel(
      html`<p><strong>${ruleInWords(say, withGroupNames(rule, groups))}</strong></p>
        <p>${words.consequence}</p>
        ${takesEffect(ctx, reader, false)}
        <form method="post" action="${hostPath(host, `/rules/${at + 1}/remove`)}">
          ${formToken} ${seenField(EMPTY_FORM, hostTag(host))}
          ${buttonRow(confirmDangerButton(words.submit), linkButton(hostPath(host, '#rules'), say.words.cancel))}
        </form>`,
    ),
  })
}

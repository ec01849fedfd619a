import type { FastifyReply, FastifyRequest } from 'fastify'

import {
  countWaitingApprovals,
  listApprovals,
  nameApprovals,
  type NamedApproval,
} from '#domain/approvals/approval.service.ts'
import { type Approval, changeName, isDue, refusalOf } from '#domain/approvals/approval.ts'
import { twoPersonRule } from '#domain/policies/policy.service.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { avatar, type AvatarPerson, faceWithLine } from '#foundation/web/components/avatar.ts'
import { linkButton } from '#foundation/web/components/button.ts'
import { emptyState } from '#foundation/web/components/empty-state.ts'
import { deadline, moment } from '#foundation/web/components/moments.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { name, withMarkup, withNames } from '#foundation/web/components/person-name.ts'
import { section } from '#foundation/web/components/section.ts'
import { banner, chip, type IconName } from '#foundation/web/components/status.ts'
import { dataTable, screenReaderColumn } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { approvalPath, APPROVALS_PATH } from '../access/approval-path.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'

const navigation: NavigationEntry = {
  area: 'admin',
  group: 'access',
  order: 60,
  label: (say) => say.approvals.title,
  drawing: 'key',
  waiting: countWaitingApprovals,
}

/** Lists the requests of the two-person rule: those that wait, and those that have ended. */
export function approvalListPages(app: App): void {
  const config = { access: 'server:read', besides: 'users:read', page: true, undocumented: true } as const
  app.get(APPROVALS_PATH, { config: { ...config, navigation } }, showApprovals)
}

async function showApprovals({ ctx }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const { say } = reader
  const { approvals: words } = say
  const waiting = await nameApprovals(ctx, await listApprovals(ctx, 'waiting'))
  const ended = await nameApprovals(ctx, await listApprovals(ctx, 'ended'))
  const rule = twoPersonRule(ctx)
  const isEmpty = waiting.length + ended.length === 0
  return sendPage(reply, {
    title: words.title,
    done: flashSentence(words.done, readFlash(reply)),
    notice: rule.isOn || isEmpty ? undefined : banner('info', html`${words.off}. ${howToTurnOn(say)}`),
    body: isEmpty
      ? nothingYet(say, rule)
      : html`<p class="lead">${words.lead}</p>
          ${section({
            id: 'waiting',
            title: words.waitingTitle,
            lead: rule.isOn && words.onFor(spanInWords(say.language, rule.wait)),
            body: waitingTable(reader, waiting),
          })}
          ${section({ id: 'ended', title: words.endedTitle, body: endedTable(reader, ended) })}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: '/approvals' }),
  })
}

/** What the rule is for, before the first request. */
function nothingYet(say: Texts, rule: ReturnType<typeof twoPersonRule>): Html {
  const { approvals: words } = say
  const text = rule.isOn ? words.onFor(spanInWords(say.language, rule.wait)) : howToTurnOn(say)
  return html`<p class="lead">${words.lead}</p>
    ${emptyState({ drawing: 'keys', title: rule.isOn ? words.none : words.off, text })}`
}

function howToTurnOn({ approvals }: Texts): Html {
  return withMarkup(approvals.howToTurnOn, html`<code>two_person_rule</code>`, html`<code>on</code>`)
}

function waitingTable(reader: AdminReader, waiting: readonly NamedApproval[]): Html {
  const { approvals: words } = reader.say
  return dataTable({
    kind: 'compact',
    caption: words.waitingTable,
    columns: [{ label: words.change }, { label: words.readyAt }, screenReaderColumn(words.review)],
    rows: waiting.map((named) => {
      const { approval } = named
      const path = approvalPath(approval.id)
      const sentence = changeSentence(reader, named)
      return {
        cells: [
          askedCell(reader, named, html`<a href="${path}">${sentence}</a>`),
          html`${deadline(reader, approval.readyAt)} ${isDue(approval, reader.now) && whoApplies(reader, approval)}`,
          // A request is decided where all its facts stand.
          linkButton(
            path,
            html`${mayEnd(reader, approval) ? words.review : words.view}<span class="unseen"> – ${sentence}</span>`,
          ),
        ],
      }
    }),
    empty: html`<p>${words.none}.</p>`,
  })
}

/** Whether the reader may approve, decline or apply it, as far as it depends on who they are and on the permission of all these. */
function mayEnd({ principal, permissions, now }: AdminReader, approval: Approval): boolean {
  const by = { subject: principal.user.subject, now }
  const decisions = ['approve', 'carry-out'] as const
  return permissions.includes('users:write') && decisions.some((one) => refusalOf(approval, one, by) === undefined)
}

/** Who can apply the change, now that the waiting time is over. */
function whoApplies(reader: AdminReader, approval: Approval): Html {
  const { readyForYou, readyForOthers } = reader.say.approvals
  return chip('ok', mayEnd(reader, approval) ? readyForYou : readyForOthers)
}

function endedTable(reader: AdminReader, ended: readonly NamedApproval[]): Html {
  const { approvals: words } = reader.say
  return dataTable({
    kind: 'compact',
    caption: words.endedTable,
    columns: [words.change, words.ended, words.state].map((label) => ({ label })),
    rows: ended.map((named) => ({
      cells: [
        askedCell(
          reader,
          named,
          html`<a href="${approvalPath(named.approval.id)}">${changeSentence(reader, named)}</a>`,
        ),
        moment(reader, named.approval.decidedAt ?? named.approval.createdAt),
        stateChip(reader, named),
      ],
    })),
    empty: html`<p>${words.noneEnded}</p>`,
  })
}

function changeSentence({ say }: AdminReader, { approval }: NamedApproval): Html {
  return withNames(say.approvals.changes[changeName(approval)], approval.targetName)
}

/** The change, with the face and the name of who asked for it, and when; what the reader may not approve is said to be theirs or about them. */
function askedCell(reader: AdminReader, { approval, asker }: NamedApproval, sentence: Html): Html {
  const { say, principal } = reader
  const { yours, ofYou } = say.approvals
  const { subject } = principal.user
  const other = asker === null ? say.events.unnamed : name(asker.username)
  const line = html`${approval.actor === subject ? yours : other} · ${moment(reader, approval.createdAt)}
  ${approval.target === subject && html` · ${ofYou}`}`
  return faceWithLine(asker ?? unknownAsker(approval), sentence, line)
}

/** The face of who asked; of a deleted user the colour alone. */
export function askerFace({ approval, asker }: Pick<NamedApproval, 'approval' | 'asker'>): Html {
  return avatar(asker ?? unknownAsker(approval))
}

function unknownAsker({ actor }: NamedApproval['approval']): AvatarPerson {
  return { subject: actor, username: '' }
}

const LOOKS: Readonly<Record<NamedApproval['approval']['state'], IconName>> = {
  waiting: 'info',
  'carried-out': 'ok',
  declined: 'danger',
  withdrawn: 'plain',
  objected: 'danger',
  lapsed: 'warn',
}

/** The state in a word. */
export function stateChip({ say }: Pick<AdminReader, 'say'>, { approval }: NamedApproval): Html {
  const { states } = say.approvals
  return chip(LOOKS[approval.state], states[approval.state])
}

// The page of one request, with the decisions that its reader may make.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { findDeciders, permissionsToDecide } from '#domain/approvals/approval-permissions.service.ts'
import { ApprovalReference } from '#domain/approvals/approval.schema.ts'
import { nameApprovals, type NamedApproval } from '#domain/approvals/approval.service.ts'
import { changeName, type Decision, endsInLink, isDecidable, isDue, refusalOf } from '#domain/approvals/approval.ts'
import { mayManage } from '#domain/roles/role.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import type { Permission } from '#foundation/kernel/principal.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { refusalSentence } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { linkButton, secondaryButton, submitButton } from '#foundation/web/components/button.ts'
import { deadline } from '#foundation/web/components/moments.ts'
import { name, withMarkup, withNames } from '#foundation/web/components/person-name.ts'
import { panel } from '#foundation/web/components/section.ts'
import { banner } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { answerOf } from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { approvalPath, APPROVALS_PATH } from '../access/approval-path.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { showEnrolmentCard } from '../credentials/user-reset.pages.ts'
import { showMailedInvitation } from '../invitations/delivery.pages.ts'
import { showInvitation } from '../invitations/invite-again.pages.ts'
import {
  approveRequest,
  carryOutReady,
  declineRequest,
  readShownApproval,
  withdrawRequest,
} from './approval-decision.service.ts'
import { approvalFacts, changeTable } from './approval-facts.pages.ts'
import { askerFace, stateChip } from './approval-list.pages.ts'
import type { CarriedOut } from './carry-out.service.ts'

const reads = { access: 'users:read', page: true, undocumented: true } as const
const decides = { access: 'users:write', authentication: 'recent', page: true, undocumented: true } as const
const schema = { params: ApprovalReference }

type OfRequest = FastifyRequest<{ Params: { id: string } }>

/** Shows one request, and takes the decision of an admin. */
export function approvalPages(app: App): void {
  app.get(`${APPROVALS_PATH}/:id`, { config: reads, schema }, (request, reply) => show(request, reply))

  app.post(`${APPROVALS_PATH}/:id/approve`, { config: decides, schema }, (request, reply) =>
    carriedOut(request, reply, approveRequest(request.ctx, request.params.id), 'approved'),
  )

  app.post(`${APPROVALS_PATH}/:id/carry-out`, { config: decides, schema }, (request, reply) =>
    carriedOut(request, reply, carryOutReady(request.ctx, request.params.id), 'carried-out'),
  )

  app.post(`${APPROVALS_PATH}/:id/decline`, { config: decides, schema }, (request, reply) =>
    ended(request, reply, declineRequest(request.ctx, request.params.id), 'declined'),
  )

  // Also by who may ask without `users:write`, such as a help desk.
  app.post(
    `${APPROVALS_PATH}/:id/withdraw`,
    { config: { ...decides, access: 'users:read' }, schema },
    (request, reply) => ended(request, reply, withdrawRequest(request.ctx, request.params.id), 'withdrawn'),
  )
}

/** An invitation or enrolment link is shown as the answer to the form itself, as for a new user: nowhere else is its link stored. */
async function carriedOut(
  request: OfRequest,
  reply: FastifyReply,
  work: Promise<CarriedOut>,
  done: string,
): Promise<FastifyReply> {
  const { answer, refusal } = await answerOf(work)
  if (refusal) return refuse(request, reply, refusal)
  const { user, invitation, mailed, enrolment } = answer
  if (user !== null && invitation !== null) return showInvitation(reply, { user, invitation })
  if (user !== null && mailed) return showMailedInvitation(reply, { user, mailed })
  if (user !== null && enrolment) return showEnrolmentCard(reply, user, enrolment)
  return redirectWithFlash(reply, `${approvalPath(request.params.id)}?done=${done}`)
}

async function ended(
  request: OfRequest,
  reply: FastifyReply,
  work: Promise<void>,
  done: string,
): Promise<FastifyReply> {
  const { refusal } = await answerOf(work)
  if (refusal) return refuse(request, reply, refusal)
  return redirectWithFlash(reply, `${approvalPath(request.params.id)}?done=${done}`)
}

/** The page again with the sentence; an unknown request and a missing authentication have pages of their own. */
function refuse(request: OfRequest, reply: FastifyReply, refusal: Refusal): Promise<FastifyReply> {
  if (refusal.kind !== 'conflict' && refusal.code !== 'role.beyond_own') throw refusal
  return show(request, reply, refusal)
}

async function show({ ctx, params }: OfRequest, reply: FastifyReply, refusal?: Refusal): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const { say } = reader
  const approval = await readShownApproval(ctx, params.id)
  const [named = { approval, asker: null, decider: null }] = await nameApprovals(ctx, [approval])
  const { approvals: words } = say
  const change = words.changes[changeName(approval)]
  const isWaiting = isDecidable(approval, reader.now)
  const sentence = (target: string): string => (isWaiting ? words.question(change(target)) : change(target))
  return sendPage(reply, {
    title: [sentence(withoutTurns(approval.targetName)), words.title],
    heading: withNames(sentence, approval.targetName),
    ...(reader.permissions.includes('server:read') && { up: { href: APPROVALS_PATH, label: words.title } }),
    notice: refusal && banner('danger', refusalSentence(say, refusal)),
    done: flashSentence(words.done, readFlash(reply)),
    refusal,
    ...(!isWaiting && { standing: stateChip(reader, named) }),
    body: panel(isWaiting ? await waitingRequest(ctx, reader, named) : await approvalFacts(ctx, reader, named)),
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: `/approvals/${approval.id}` }),
  })
}

type Ctx = OfRequest['ctx']

/** Who asks and why, what is now and what will be, when it takes effect, and the decisions. */
async function waitingRequest(ctx: Ctx, reader: AdminReader, named: NamedApproval): Promise<Html> {
  const { say, now, principal } = reader
  const { approval, asker } = named
  const { approvals: words } = say
  const isOwn = approval.actor === principal.user.subject
  const from = html`<strong>${deadline(reader, approval.readyAt)}</strong>`
  return html`<div class="asked">
      ${askerFace(named)}
      <div>
        <p>${isOwn ? words.asksYou : withNames(words.asks, asker?.username ?? say.events.unnamed)}</p>
        <p class="small">${deadline(reader, approval.createdAt)}</p>
        ${approval.reason !== null && html`<blockquote>${name(approval.reason)}</blockquote>`}
      </div>
    </div>
    ${await changeTable(ctx, reader, approval)}
    <p>
      ${await nextStep(reader, named, ctx)}
      ${!isDue(approval, now) && withMarkup(endsInLink(approval) ? words.linkWaits : words.effectOn, from)}
    </p>
    ${decisions(reader, named, await permissionsToDecide(ctx, approval))}`
}

/** Who can decide now, and what happens if no admin does. */
async function nextStep(
  { say, now, principal }: AdminReader,
  { approval }: NamedApproval,
  ctx: Parameters<typeof findDeciders>[0],
): Promise<string> {
  const { approvals: words } = say
  if (principal.user.subject === approval.target) return words.aboutYou
  if (isDue(approval, now)) return endsInLink(approval) ? words.readyLink : words.readyLead
  return (await findDeciders(ctx, approval)).length === 0 ? words.waitingAlone : words.waitingLead
}

/** The forms of the decisions that the reader may make; one who is concerned objects in their account. */
function decisions(reader: AdminReader, { approval }: NamedApproval, needed: readonly Permission[]): Html {
  const { say, now, principal, formToken, permissions } = reader
  const { approvals: words, objections } = say
  const by = { subject: principal.user.subject, now }
  const may = (decision: Decision): boolean => {
    return (
      mayManage(permissions, decision === 'withdraw' ? [] : needed) && refusalOf(approval, decision, by) === undefined
    )
  }
  const form = (decision: Decision, button: Html): Html =>
    html`<form method="post" action="${approvalPath(approval.id, `/${decision}`)}">${formToken} ${button}</form>`
  return html`<div class="actions long">
    ${may('approve') && !may('carry-out') && form('approve', submitButton(words.approve))}
    ${may('carry-out') && form('carry-out', submitButton(words.carryOut))}
    ${may('decline') && form('decline', secondaryButton(words.decline))}
    ${may('withdraw') && form('withdraw', secondaryButton(words.withdraw))}
    ${by.subject === approval.target && linkButton('/account/security/requests', objections.review)}
  </div>`
}

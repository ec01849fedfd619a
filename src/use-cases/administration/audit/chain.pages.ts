import type { FastifyReply, FastifyRequest } from 'fastify'

import { chainLag } from '#domain/audit/chain-writer.service.ts'
import { WORST_CHAIN_LAG } from '#domain/audit/chain.ts'
import { type AuditReport, newestChained, verifyAudit } from '#domain/audit/verify.service.ts'
import type { With } from '#foundation/context.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import { commandFor } from '#foundation/platform/program-name.ts'
import { ageInWords } from '#foundation/texts/spans.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { submitButton } from '#foundation/web/components/button.ts'
import { moment } from '#foundation/web/components/moments.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { section } from '#foundation/web/components/section.ts'
import { banner } from '#foundation/web/components/status.ts'
import { dataTable } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { ACTIVITY_PATH } from './activity-filter.ts'

export const CHAIN_PATH = `${ACTIVITY_PATH}/chain`

const navigation: NavigationEntry = { area: 'palette', order: 90, label: (say) => say.activity.chain.page }

/** Verifies the chain MACs of the audit log and shows the result. */
export function chainPages(app: App): void {
  const config = { access: 'audit:read', page: true, undocumented: true } as const
  let running: Promise<AuditReport> | undefined
  app.get(CHAIN_PATH, { config: { ...config, navigation } }, (request, reply) => sendChain(request, reply))
  // A POST with a form token: verification reads the whole log, so another site must not be able to trigger it (CSRF).
  app.post(CHAIN_PATH, { config }, async (request, reply) => {
    // Requests that arrive during a verification share its result.
    running ??= verifyAudit(request.ctx).finally(() => (running = undefined))
    return sendChain(request, reply, await running)
  })
}

async function sendChain(request: FastifyRequest, reply: FastifyReply, report?: AuditReport): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const { say } = reader
  const { chain } = say.activity
  return sendPage(reply, {
    title: [chain.page, say.activity.title],
    up: { href: ACTIVITY_PATH, label: say.activity.title },
    body: html`<p class="lead">${chain.lead} ${chain.pageLead}</p>
      ${report && verificationReport(say, report, commandFor(request.ctx.config, 'audit verify'))}
      ${await chainSection(request.ctx, reader)}`,
  })
}

function verificationReport(say: Texts, { ok, checked, checkpoints, problems }: AuditReport, command: string): Html {
  const { chain } = say.activity
  const count = checked.toLocaleString(say.language)
  if (ok && checkpoints === 0) return banner('warn', `${chain.linked(count)} ${chain.noCheckpoint}`)
  if (ok) return banner('ok', chain.intact(count))
  const table = dataTable({
    caption: chain.table,
    columns: [{ label: chain.position }, { label: chain.problem }],
    rows: problems.map(({ kind, position }) => ({
      cells: [position.toLocaleString(say.language), chain.problems[kind]],
    })),
    empty: html``,
  })
  const seen = problems.some(({ checkpointAt }) => checkpointAt !== null) ? ` ${chain.restored(command)}` : ''
  return html`${banner('danger', `${chain.broken(count)} ${chain.next}${seen}`)}
  ${checkpoints === 0 && banner('warn', chain.noCheckpoint)} ${table}`
}

/** How far the log is chained, and the button that verifies it. It reads one row, whatever the length of the log. */
async function chainSection(ctx: With<'db'>, reader: AdminReader): Promise<Html> {
  const { say, formToken } = reader
  const { chain } = say.activity
  const newest = await newestChained(ctx.db)
  return section({
    id: 'chain',
    title: newest === undefined ? chain.none : chain.chained(newest.position.toLocaleString(say.language)),
    lead: newest && html`${chain.newest} ${moment(reader, newest.at)}`,
    action: html`<form method="post" action="${CHAIN_PATH}">${formToken} ${submitButton(chain.submit)}</form>`,
  })
}

/** Warns if events wait too long to be chained; else nothing. */
export async function chainWarning(ctx: With<'db' | 'now'>, reader: AdminReader): Promise<Html | undefined> {
  const lag = await chainLag(ctx)
  return lag > WORST_CHAIN_LAG ? lagBanner(reader, lag) : undefined
}

function lagBanner({ say, permissions }: AdminReader, lag: Duration): Html {
  const { waiting: sentence, whyLate } = say.activity.chain
  // Each number stays with its unit.
  const age = ageInWords(say.language, lag).replace(/(\d) /gu, '$1\u{a0}')
  const mayCheck = permissions.includes('server:read') && permissions.includes('users:read')
  const why = mayCheck && html`<a class="whole" href="/admin/checkup">${whyLate}</a>`
  return banner('warn', html`${sentence(age)} ${why}`)
}

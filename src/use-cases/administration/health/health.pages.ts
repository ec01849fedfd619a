import type { FastifyReply, FastifyRequest } from 'fastify'
import { commandFor } from '../../../foundation/platform/program-name.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { banner, chip } from '../../../foundation/web/components/status.ts'
import { copyButton } from '../../../foundation/web/components/copy.ts'
import type { IconName } from '../../../foundation/web/components/status.ts'
import { rowList, section } from '../../../foundation/web/components/section.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { sendPage } from '../../../foundation/web/pages/page.ts'
import { observedRequest } from '../../../foundation/web/http/client-address.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { checkupReport } from './health.schema.ts'
import { checkUp } from './health.service.ts'
import type { Checkup } from './health.service.ts'
import { CHECK_LEVELS, findingLink, inWords } from './finding.ts'
import type { CheckLevel, Finding } from './finding.ts'
import { minutes, toRfc3339 } from '../../../foundation/kernel/time.ts'
import type { ListRow } from '../../../foundation/web/components/section.ts'
import { exactly } from '../../../foundation/web/components/moments.ts'
import type { MomentReader } from '../../../foundation/web/components/moments.ts'

const COMMAND_ID = 'doctor-command'
const REPORT_ID = 'report-text'

const KIND: Readonly<Record<CheckLevel, IconName>> = { ok: 'ok', note: 'info', warning: 'warn', failure: 'danger' }

/** The page of the check-up. */
export function checkupPages(app: App): void {
  const config = { access: 'users:read', page: true, undocumented: true } as const
  app.get('/admin/checkup', { config }, (request, reply) => showCheckup(request, reply))
}

async function showCheckup(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { ctx } = request
  const reader = adminReader(reply)
  const { say } = reader
  const checkup = await checkUp(ctx, observedRequest(request))
  const worstFirst = checkup.findings.toSorted((a, b) => severity(b) - severity(a))
  const problems = worstFirst.filter(({ level }) => level === 'warning' || level === 'failure')
  const rows = worstFirst.map((one) => findingRow(say, one)).toSpliced(problems.length, 0, browserClockRow(reader))
  return sendPage(reply, {
    title: [say.checkup.title, say.overview.area],
    frame: 'admin',
    modules: ['copy', 'clock'],
    body: html`<p class="lead">${say.checkup.lead}</p>
      <p>
        <code class="command" id="${COMMAND_ID}">${commandFor(ctx.config, 'doctor')}</code>
        ${copyButton(say, COMMAND_ID)}
      </p>
      ${banner(KIND[checkup.level], overallText(say, checkup))}
      ${section({ id: 'checks', title: say.checkup.list, body: rowList(rows) })}
      ${reportSection(say, checkupReport({ ...checkup, findings: worstFirst }, ctx.now))}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: '/checkup' }),
  })
}

function severity({ level }: Finding): number {
  return CHECK_LEVELS.indexOf(level)
}

/** The worst level in words, with the number of findings to act on. */
function overallText({ checkup: { overall } }: Texts, { level, findings }: Checkup): string {
  const countOf = (one: CheckLevel): number => findings.filter((finding) => finding.level === one).length
  if (level === 'failure') return overall.failure(countOf('failure'))
  return level === 'warning' ? overall.warning(countOf('warning')) : overall[level]
}

function findingRow(say: Texts, finding: Finding): ListRow {
  const { name, sentence, fix } = inWords(say, addressedToReader(finding))
  const place = findingLink(finding)
  return {
    name: html`${chip(KIND[finding.level], say.checkup.levels[finding.level])} ${name}`,
    detail: html`<p>${sentence}</p>
      ${fix !== null && html`<p>${fix}</p>`}`,
    action: place && html`<a href="${place.path}">${say.checkup.links[place.to]}</a>`,
  }
}

/** Only an active admin can open the page, so the only one is its reader. */
function addressedToReader(finding: Finding): Finding {
  return finding.says === 'admins.one' ? { ...finding, says: 'admins.you' } : finding
}

function reportSection(say: Texts, report: string): Html {
  return section({
    id: 'report',
    title: say.checkup.report,
    lead: say.checkup.reportLead,
    body: html`<pre><code class="command" id="${REPORT_ID}">${report}</code></pre>
      ${copyButton(say, REPORT_ID)}`,
  })
}

/** Largest difference of clocks that counts as agreement: a TOTP code is accepted one 30-second step early and late. */
const TOLERATED = minutes(1)

/**
 * A row that compares the browser's clock with the server's. The browser module `clock` chooses the finding; without scripts the admin
 * compares the shown times. Only the page has it, since neither the API nor the command line knows the browser's clock.
 */
function browserClockRow(reader: MomentReader): ListRow {
  const { checkup } = reader.say
  const { name, shown, compare, agrees, ahead, behind, fix } = checkup.browserClock
  const at = toRfc3339(reader.now)
  return {
    id: 'browser-clock',
    name: html`<span data-when-clock="unknown">${chip('info', checkup.levels.note)}</span>
      <span data-when-clock="agrees" hidden>${chip('ok', checkup.levels.ok)}</span>
      <span data-when-clock="ahead behind" hidden>${chip('warn', checkup.levels.warning)}</span> ${name}`,
    detail: html`<div data-clock-of="${at}" data-tolerated="${TOLERATED}">
      <p data-when-clock="unknown">${shown} <time datetime="${at}">${exactly(reader, reader.now)}</time> ${compare}</p>
      <p data-when-clock="agrees" hidden>${agrees}</p>
      <p data-when-clock="ahead" data-text="${ahead('#')}" hidden></p>
      <p data-when-clock="behind" data-text="${behind('#')}" hidden></p>
      <p data-when-clock="ahead behind" hidden>${fix}</p>
    </div>`,
  }
}

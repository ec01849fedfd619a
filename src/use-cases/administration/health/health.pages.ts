import type { FastifyReply, FastifyRequest } from 'fastify'

import { commandFor } from '#foundation/platform/program-name.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { linkButton } from '#foundation/web/components/button.ts'
import { commandWords, copyButton, copyField } from '#foundation/web/components/copy.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { type ListRow, rowList, section } from '#foundation/web/components/section.ts'
import { banner } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { observedRequest } from '#foundation/web/http/ip-address.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { browserClockCheck, browserClockWarning, markedByLevel } from './browser-clock.pages.ts'
import { addressedToReader, type CheckLevel, type Finding, findingLink, inWords, KIND_OF_LEVEL } from './finding.ts'
import { checkupReport } from './health.schema.ts'
import { type Checkup, checkUp } from './health.service.ts'
import { problemsIn } from './health.ts'

export const CHECKUP_PATH = '/admin/checkup'

const COMMAND_ID = 'doctor-command'
const REPORT_ID = 'report-text'

const navigation: NavigationEntry = {
  area: 'admin',
  group: 'system',
  order: 100,
  label: (say) => say.checkup.title,
  drawing: 'shield',
  key: 'c',
}

/** The page of the check-up: what needs attention is open, what is fine is folded. */
export function checkupPages(app: App): void {
  const config = { access: 'server:read', besides: 'users:read', page: true, undocumented: true } as const
  app.get(CHECKUP_PATH, { config: { ...config, navigation } }, (request, reply) => showCheckup(request, reply))
}

async function showCheckup(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { ctx } = request
  const reader = adminReader(reply)
  const { say } = reader
  const checkup = await checkUp(ctx, observedRequest(request))
  const problems = problemsIn(checkup.findings)
  const [notes, passed] = [ofLevel(checkup, 'note'), ofLevel(checkup, 'ok')]
  const { folded } = say.checkup
  return sendPage(reply, {
    title: [say.checkup.title, say.overview.area],
    modules: ['copy', 'clock'],
    body: html`<p class="lead">${say.checkup.lead}</p>
      ${problems.length === 0 ? banner(KIND_OF_LEVEL[checkup.level], overallText(say, checkup)) : problemsSection(reader, checkup, problems)}
      ${browserClockWarning(reader)}
      <section class="section folds" id="checks" aria-label="${say.checkup.list}">
        ${notes.length > 0 && fold(folded.notes(notes.length), rowList(rowsOf(reader, notes), 'tight'))}
        ${fold(folded.passed(passed.length), html`${rowList(rowsOf(reader, passed), 'tight')} ${browserClockCheck(reader)}`)}
        ${fold(say.checkup.report, report(say, checkupReport({ ...checkup, findings: [...problems, ...notes, ...passed] }, ctx.now)))}
        ${fold(
          say.checkup.terminal,
          copyField({
            id: COMMAND_ID,
            label: say.checkup.command,
            groups: [commandWords(commandFor(ctx.config, 'doctor'))],
            action: copyButton(say, COMMAND_ID),
          }),
        )}
      </section>`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: '/checkup' }),
  })
}

function ofLevel({ findings }: Checkup, level: CheckLevel): Finding[] {
  return findings.filter((finding) => finding.level === level)
}

/** The worst level in words, with the number of findings to act on. */
function overallText({ checkup: { overall } }: Texts, checkup: Checkup): string {
  const { level } = checkup
  return level === 'failure' || level === 'warning' ? overall[level](ofLevel(checkup, level).length) : overall[level]
}

function problemsSection(reader: AdminReader, checkup: Checkup, problems: readonly Finding[]): Html {
  return section({ id: 'problems', title: overallText(reader.say, checkup), body: rowList(rowsOf(reader, problems)) })
}

function rowsOf(reader: AdminReader, findings: readonly Finding[]): ListRow[] {
  const { say } = reader
  return findings.map((finding) => {
    const { name, sentence, fix } = inWords(say, addressedToReader(finding, reader.principal.user))
    const link = findingLink(finding, reader.permissions)
    return {
      name: markedByLevel(say, finding.level, name),
      detail: html`<p>${sentence}</p>
        ${fix !== null && remedy(say, fix, finding)}`,
      action: link && linkButton(link.path, say.checkup.links[link.to]),
    }
  })
}

/** What can be done; the command at its end has a line of its own, from which it is copied. */
function remedy(say: Texts, fix: string, { says, facts: { command } }: Finding): Html {
  if (command === '' || !fix.endsWith(command)) return html`<p>${fix}</p>`
  const id = `command-of-${says.replaceAll('.', '-')}`
  const field = copyField({
    id,
    label: say.checkup.command,
    groups: [commandWords(command)],
    action: copyButton(say, id),
  })
  return html`<p>${fix.slice(0, -command.length)}</p>
    ${field}`
}

function fold(summary: string, body: Html): Html {
  return html`<details>
    <summary>${summary}</summary>
    ${body}
  </details>`
}

function report(say: Texts, text: string): Html {
  return html`<p class="hint">${say.checkup.reportLead}</p>
    <pre><code class="command" id="${REPORT_ID}">${text}</code></pre>
    ${copyButton(say, REPORT_ID)}`
}

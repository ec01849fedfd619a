import type { FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'

import { withQuery } from '#foundation/kernel/query-string.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { longButtonRow, secondaryButton } from '#foundation/web/components/button.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { readForm } from '#foundation/web/pages/form.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { filterInWords } from '#use-cases/page-sections/event-filter.pages.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { ACTIVITY_PATH, activityFilter, activityHref, type ActivityListQuery } from './activity-filter.ts'
import { exportText } from './event-export.schema.ts'
import { eventsToExport, EXPORT_FORMATS, type ExportFormat, recordExport } from './event-export.service.ts'
import { ActivityExport, ActivityFilter } from './events.schema.ts'

const PATH = `${ACTIVITY_PATH}/export`

const TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
}

const navigation: NavigationEntry = { area: 'palette', order: 70, label: (say) => say.keyboard.exportActivity }

/** Exports the filtered audit log as a file, from a page that keeps the filter of the list. */
export function activityExportPages(app: App): void {
  const config = { access: 'audit:read', page: true, undocumented: true } as const
  app.get(PATH, { config: { ...config, navigation } }, showExport)
  app.post(PATH, { config }, sendExport)
}

/** A POST, because each export is recorded as an event. The file is streamed page by page, so a long log does not fill memory. */
async function sendExport(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const ctx = signedIn(request.ctx)
  const read = readForm(ActivityExport, request.body)
  if ('fieldErrors' in read) throw new Refusal('request.validation_failed', { fieldErrors: read.fieldErrors })
  const { format, ...listQuery } = read.value
  const filter = activityFilter(listQuery, ctx.principal.user.timeZone)
  await recordExport(ctx, { format, to: 'browser' })
  return reply
    .type(TYPES[format])
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="activity.${format}"`)
    .send(Readable.from(exportText(format, eventsToExport(ctx, filter))))
}

function showExport({ query }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const read = readForm(ActivityFilter, query)
  if ('fieldErrors' in read) throw new Refusal('request.validation_failed', { fieldErrors: read.fieldErrors })
  const { say, formToken } = adminReader(reply)
  const listQuery = read.value
  const { export: words, title } = say.activity
  const isFiltered = Object.keys(listQuery).length > 0
  const forms = EXPORT_FORMATS.map(
    (format) =>
      html`<form method="post" action="${PATH}">
        ${formToken} ${fieldsOf({ ...listQuery, format })} ${secondaryButton(words[format])}
      </form>`,
  )
  return sendPage(reply, {
    title: [words.title, title],
    up: { href: activityHref(listQuery), label: title },
    body: html`<p class="lead">${isFiltered ? words.leadFiltered : words.lead}</p>
      ${isFiltered && html`<p>${filterInWords(say, listQuery)}</p>`} ${longButtonRow(...forms)}`,
  })
}

/** The URL of the page that exports the events of the filter. */
export function exportHref(listQuery: ActivityListQuery): string {
  return withQuery(PATH, listQuery)
}

function fieldsOf(values: Readonly<Record<string, string>>): Html[] {
  return Object.entries(values).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)
}

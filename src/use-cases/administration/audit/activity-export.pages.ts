import { Readable } from 'node:stream'

import type { FastifyReply, FastifyRequest } from 'fastify'

import { Refusal } from '../../../foundation/kernel/refusal.ts'
import { signedIn } from '../../../foundation/web/http/access.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { longButtonRow, secondaryButton } from '../../../foundation/web/components/button.ts'
import { section } from '../../../foundation/web/components/section.ts'
import { readForm } from '../../../foundation/web/pages/form.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { ACTIVITY_PATH, activityFilter } from './activity-filter.ts'
import type { ActivityAddress } from './activity-filter.ts'
import { ActivityExport } from './events.schema.ts'
import { exportText } from './event-export.schema.ts'
import { EXPORT_FORMATS, eventsToExport, recordExport } from './event-export.service.ts'
import type { ExportFormat } from './event-export.service.ts'

const PATH = `${ACTIVITY_PATH}/export`

const TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
}

/** Exports the filtered audit log as a file. */
export function activityExportPages(app: App): void {
  const config = { access: 'audit:read', page: true, undocumented: true } as const
  app.post(PATH, { config }, sendExport)
}

/** A POST, because each export is recorded as an event. The file is streamed page by page, so a long log does not fill memory. */
async function sendExport(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const ctx = signedIn(request.ctx)
  const read = readForm(ActivityExport, request.body)
  if ('fieldErrors' in read) throw new Refusal('request.validation_failed', { fieldErrors: read.fieldErrors })
  const { format, ...address } = read.value
  const filter = activityFilter(address, ctx.principal.user.timeZone)
  await recordExport(ctx, { format, to: 'browser' })
  return reply
    .type(TYPES[format])
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="activity.${format}"`)
    .send(Readable.from(exportText(format, eventsToExport(ctx, filter))))
}

/** The section with a form for each export format; hidden fields hold the filter. */
export function exportSection({ say, formToken }: AdminReader, address: ActivityAddress): Html {
  const words = say.activity.export
  const forms = EXPORT_FORMATS.map(
    (format) =>
      html`<form method="post" action="${PATH}">
        ${formToken} ${fieldsOf({ ...address, format })} ${secondaryButton(words[format])}
      </form>`,
  )
  return section({
    id: 'export',
    title: words.title,
    lead: Object.keys(address).length > 0 ? words.leadFiltered : words.lead,
    body: longButtonRow(...forms),
  })
}

function fieldsOf(values: Readonly<Record<string, string>>): Html[] {
  return Object.entries(values).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)
}

import type { DevicesOfUser } from '#domain/policies/evaluation/remembering.service.ts'
import {
  mayBeRemembered,
  type RememberedDevice,
  rememberedUntil,
} from '#domain/remembered-devices/remembered-device.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { quietButton, secondaryButton } from '#foundation/web/components/button.ts'
import { icon } from '#foundation/web/components/icon.ts'
import { moment } from '#foundation/web/components/moments.ts'
import { section } from '#foundation/web/components/section.ts'
import { dataTable, screenReaderColumn } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { unlessGone } from '#foundation/web/pages/form.ts'
import { redirectWithFlash } from '#foundation/web/pages/page.ts'
import { deviceDrawing, sessionLines, toDevice } from '#use-cases/page-sections/device.pages.ts'
import type { SecurityReader } from '../own-account/own-account.pages.ts'
import { forgetOwnDevice, forgetOwnDevices } from './own-devices.service.ts'

const BASE = '/account/security/remembered-devices'
const FORGET_ALL = `${BASE}/forget-all`

const config = { access: 'signed-in', page: true, undocumented: true } as const

/** The forms that forget devices. */
export function ownDevicesPages(app: App): void {
  app.post(FORGET_ALL, { config }, async ({ ctx }, reply) => {
    await forgetOwnDevices(signedIn(ctx))
    return redirectWithFlash(reply, '/account/security?done=devices-forgotten')
  })

  const schema = { params: Type.Object({ id: Type.String() }) }
  app.post(`${BASE}/:id/forget`, { config, schema }, async ({ ctx, params }, reply) => {
    await unlessGone('device.not_found', forgetOwnDevice(signedIn(ctx), params.id))
    return redirectWithFlash(reply, '/account/security?done=device-forgotten')
  })
}

/** The section that lists the user's remembered devices; undefined where there is none and the policy allows none. */
export function ownDevicesSection(reader: SecurityReader, { devices, periods }: DevicesOfUser): Html | undefined {
  if (devices.length === 0 && !mayBeRemembered(periods)) return undefined
  const { say, config: settings, formToken } = reader
  const { rememberedDevices: words } = say
  const table = dataTable({
    kind: 'compact',
    caption: words.table,
    columns: [
      ...[words.browser, words.ipAddress, words.since, words.lastUsed, words.until].map((label) => ({ label })),
      screenReaderColumn(words.actions),
    ],
    rows: devices.map((device) => ({ cells: ownDeviceCells(reader, device, rememberedUntil(device, periods)) })),
    empty: html`<p>${words.none}</p>`,
  })
  const forgetAll = html`<form method="post" action="${FORGET_ALL}">
    ${formToken} ${secondaryButton(words.forgetAll)}
  </form>`
  return section({
    id: 'remembered-devices',
    title: words.title,
    lead: devices.length > 0 && words.lead,
    action: devices.length > 1 && forgetAll,
    body: table,
    api: apiEquivalent(say, settings, {
      method: 'DELETE',
      path: '/users/me/remembered-devices',
      needsSession: true,
    }),
  })
}

function ownDeviceCells(reader: SecurityReader, device: RememberedDevice, until: number): (Html | string)[] {
  const { say, formToken } = reader
  const { rememberedDevices: words } = say
  return [
    html`<div class="item">
      ${icon(deviceDrawing(device.agent))}
      <div>${sessionLines(say, { transport: 'cookie', agent: device.agent }, false)}</div>
    </div>`,
    html`<span class="address">${device.address}</span>`,
    moment(reader, device.createdAt),
    moment(reader, device.lastUsedAt),
    moment(reader, until),
    html`<form method="post" action="${BASE}/${encodeURIComponent(device.id)}/forget">
      ${formToken} ${quietButton(toDevice(say, words.forget, device.agent))}
    </form>`,
  ]
}

import type { DevicesOfUser } from '#domain/policies/evaluation/remembering.service.ts'
import { type RememberedDevice, rememberedUntil } from '#domain/remembered-devices/remembered-device.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { secondaryButton } from '#foundation/web/components/button.ts'
import { moment } from '#foundation/web/components/moments.ts'
import { foldedRows, type ListRow, pieces, section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { unlessGone } from '#foundation/web/pages/form.ts'
import { redirectWithFlash } from '#foundation/web/pages/page.ts'
import { sessionName, toDevice } from '#use-cases/page-sections/device.pages.ts'
import { actionForm, refIn, UserPageParameters, userPath, type UserReader } from '../access/user-reader.pages.ts'
import { forgetDeviceOf, forgetDevicesOf } from './user-devices.service.ts'

const BASE = '/admin/users/:id/remembered-devices'
/** How many devices are not folded. */
const SHOWN = 3

const config = { access: 'users:write', page: true, undocumented: true } as const

/** The forms that forget devices of a user. */
export function userDevicesPages(app: App): void {
  const params = UserPageParameters
  app.post(`${BASE}/forget-all`, { config, schema: { params } }, async ({ ctx, params: { id } }, reply) => {
    const ref = refIn({ id })
    await forgetDevicesOf(ctx, ref)
    return redirectWithFlash(reply, userPath(ref, '/sign-in?done=devices-forgotten'))
  })

  const ofDevice = Type.Object({ ...params.properties, deviceId: Type.String() })
  app.post(
    `${BASE}/:deviceId/forget`,
    { config, schema: { params: ofDevice } },
    async ({ ctx, params: given }, reply) => {
      const ref = refIn(given)
      await unlessGone('device.not_found', forgetDeviceOf(ctx, ref, given.deviceId))
      return redirectWithFlash(reply, userPath(ref, '/sign-in?done=device-forgotten#remembered-devices'))
    },
  )
}

export function userDevicesSection(reader: UserReader, { devices, periods }: DevicesOfUser): Html | undefined {
  if (devices.length === 0) return undefined
  const { say, config: settings, user } = reader
  const { rememberedDevices: words } = say
  const forgetAll = actionForm(reader, '/remembered-devices/forget-all', secondaryButton(words.forgetAll))
  return section({
    id: 'remembered-devices',
    title: words.title,
    lead: words.leadOfUser,
    action: devices.length > 1 && forgetAll,
    body: foldedRows(
      say,
      devices.map((device) => userDeviceRow(reader, device, rememberedUntil(device, periods))),
      SHOWN,
    ),
    api: apiEquivalent(say, settings, { method: 'GET', path: `/users/${user.id}/remembered-devices` }),
  })
}

function userDeviceRow(reader: UserReader, device: RememberedDevice, until: number): ListRow {
  const { say } = reader
  const { rememberedDevices: words } = say
  const button = secondaryButton(toDevice(say, words.forget, device.agent))
  return {
    name: sessionName(say, { transport: 'cookie', agent: device.agent }, false),
    detail: html`<div>${pieces([device.address, html`${words.lastUsed} ${moment(reader, device.lastUsedAt)}`])}</div>
      <div>
        ${pieces([html`${words.since} ${moment(reader, device.createdAt)}`, html`${words.until} ${moment(reader, until)}`])}
      </div>`,
    action: actionForm(reader, `/remembered-devices/${encodeURIComponent(device.id)}/forget`, button),
  }
}
